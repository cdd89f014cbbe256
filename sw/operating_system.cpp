// SPDX-License-Identifier: Apache-2.0
#include "sw/operating_system.hpp"

#include <algorithm>
#include <cstddef>
#include <iterator>
#include <utility>

namespace mmusim::sw {

namespace {

// The frames of [base, base + size_bytes) that an entry has bits for.
FrameRange addressable_frames(const hw::PagingFormat& format, PhysicalAddress base,
                              std::uint64_t size_bytes) {
    const std::uint64_t first = page_number_of(base).value;
    const std::uint64_t end = first + size_bytes / page_bytes;
    const std::uint64_t nameable = std::uint64_t{1} << format.physical_page_number_bits;
    return {.first = {first}, .count = std::min(end, nameable) - std::min(first, nameable)};
}

// The page of zeros lies in the kernel's image, at the bottom of memory, which is loaded and
// cleared before the first process starts. A huge one lies at the top, where memory is not too
// small for it.
Pages::Zeros zeros_of(const OsParameters& parameters, const hw::PagingFormat& format,
                      FrameRange memory) {
    if (!parameters.zero_page || memory.count == 0) {
        return {};
    }
    constexpr std::uint64_t worth_it = 8;
    const std::uint64_t huge_frames = format.page_size_at(1).bytes() / page_bytes;
    const std::uint64_t end = memory.first.value + memory.count;
    Pages::Zeros zeros{.small = memory.first};
    if (parameters.thp != HugePages::never && memory.count >= worth_it * huge_frames) {
        zeros.huge = PhysicalPageNumber{(end / huge_frames - 1) * huge_frames};
    }
    return zeros;
}

// What lies between them.
FrameRange frames_beside(const Pages::Zeros& zeros, FrameRange memory) {
    const PhysicalPageNumber first = zeros.small ? memory.first + 1 : memory.first;
    const PhysicalPageNumber end = zeros.huge.value_or(memory.first + memory.count);
    return {.first = first, .count = end.value - first.value};
}

// As a power of two, how many frames a huge page has.
unsigned huge_page_order(const hw::PagingFormat& format) {
    return format.page_size_at(1).page_number_bits_inside();
}

ProcessStatistics statistics_of(const Process& process) {
    const FaultStatistics faults = fault_statistics_of(process.faults);
    return {.name = process.name,
            .asid = process.space.asid.value_or(AssignedAsid{}).asid,
            .minor = faults.minor,
            .major = faults.major,
            .invalid = faults.invalid,
            .rss_pages = process.space.resident_pages,
            .shared_pages = process.space.object_pages,
            .swapped_pages = process.space.swapped_pages,
            .hugetlb_pages = process.space.hugetlb_pages,
            .page_table_pages = process.space.page_table_pages,
            .signal = process.signal};
}

}  // namespace

OperatingSystem::OperatingSystem(const OsParameters& parameters, const hw::PagingParameters& paging,
                                 PhysicalAddress base, std::uint64_t size_bytes, Machine& machine,
                                 const PageFuture* future)
    : parameters_(parameters),
      paging_(paging),
      format_(hw::format_of(paging.mode)),
      machine_(machine),
      memory_(addressable_frames(format_, base, size_bytes)),
      allocator_(frames_beside(zeros_of(parameters, format_, memory_), memory_),
                 parameters.user_frames),
      pools_(parameters.hugetlb, format_, allocator_),
      obstacles_(allocator_, huge_page_order(format_), parameters.fragmentation_percent,
                 parameters.fragmentation_movable),
      frames_(huge_page_order(format_)),
      swap_(parameters.swap.size_bytes / page_bytes),
      asids_(paging.asid_bits),
      fences_(asids_, parameters.fence_cycles, machine),
      replacement_(
          parameters.replacement_scope,
          [policy = parameters.page_replacement] { return make_page_replacement(policy); }),
      compactor_(parameters, {.allocator = allocator_,
                              .frames = frames_,
                              .obstacles = obstacles_,
                              .pages = pages_,
                              .machine = machine}),
      reclaimer_(parameters, {.allocator = allocator_,
                              .frames = frames_,
                              .processes = processes_,
                              .objects = objects_,
                              .swap = swap_,
                              .pages = pages_,
                              .transfers = transfers_,
                              .replacement = replacement_,
                              .compactor = compactor_,
                              .machine = machine,
                              .future = future}),
      page_tables_(format_, reclaimer_, machine),
      pages_({.allocator = allocator_,
              .frames = frames_,
              .processes = processes_,
              .objects = objects_,
              .swap = swap_,
              .page_tables = page_tables_,
              .fences = fences_,
              .replacement = replacement_},
             zeros_of(parameters, format_, memory_)),
      transfers_({.pages = pages_,
                  .frames = frames_,
                  .processes = processes_,
                  .objects = objects_,
                  .replacement = replacement_,
                  .machine = machine}),
      read_ahead_(
          parameters,
          {.objects = objects_, .pages = pages_, .transfers = transfers_, .reclaimer = reclaimer_}),
      huge_pages_(parameters, format_,
                  {.pools = pools_,
                   .processes = processes_,
                   .page_tables = page_tables_,
                   .fences = fences_,
                   .machine = machine}),
      faults_(parameters, {.pages = pages_,
                           .page_tables = page_tables_,
                           .transfers = transfers_,
                           .read_ahead = read_ahead_,
                           .reclaimer = reclaimer_,
                           .objects = objects_,
                           .huge_pages = huge_pages_,
                           .machine = machine}),
      page_calls_({.objects = objects_,
                   .frames = frames_,
                   .page_tables = page_tables_,
                   .pages = pages_,
                   .transfers = transfers_,
                   .read_ahead = read_ahead_,
                   .reclaimer = reclaimer_,
                   .faults = faults_,
                   .huge_pages = huge_pages_}),
      address_space_copy_({.page_tables = page_tables_,
                           .pages = pages_,
                           .huge_pages = huge_pages_,
                           .page_calls = page_calls_}),
      calls_(parameters, format_.user_half_end(),
             allocator_.statistics().total * page_bytes + parameters.swap.size_bytes,
             {.processes = processes_,
              .objects = objects_,
              .allocator = allocator_,
              .fences = fences_,
              .page_tables = page_tables_,
              .pages = pages_,
              .pools = pools_,
              .huge_pages = huge_pages_,
              .page_calls = page_calls_,
              .machine = machine}) {}

std::optional<ProcessId> OperatingSystem::create_process(std::string name) {
    const std::optional<PhysicalPageNumber> root = page_calls_.spare_table();
    if (!root) {
        return std::nullopt;
    }
    Process& process = processes_.add(std::move(name), *root);
    if (parameters_.implicit_mapping) {
        map_user_half(process.id);
    }
    return process.id;
}

std::variant<ProcessId, CallError> OperatingSystem::fork(ProcessId parent, std::string name) {
    machine_.spend(Stage::fault_entry, parameters_.system_call_cycles);
    const std::optional<PhysicalPageNumber> root = page_calls_.spare_table();
    if (!root) {
        return CallError::enomem;
    }
    Process& child = processes_.add(std::move(name), *root);
    if (!address_space_copy_.make(processes_.living(parent), child)) {
        exit(child.id);
        return CallError::enomem;
    }
    return child.id;
}

void OperatingSystem::exec(ProcessId id, const ExecLayout& layout) {
    Process& process = processes_.living(id);
    retire_asid(process.space);
    faults_.stop_waiting(process);
    calls_.exec(process, layout);
}

void OperatingSystem::map(ProcessId id, const Region& region) {
    AddressSpace& space = processes_.living(id).space;
    space.regions.insert(region);
    space.highest_end = std::max(space.highest_end, region.end);
}

void OperatingSystem::map_user_half(ProcessId id) {
    map(id, {.start = {}, .end = format_.user_half_end(), .rights = read_write_execute});
}

CallResult OperatingSystem::sync_file(ObjectId file) {
    return page_calls_.write_back(file, 0, objects_[file].pages());
}

CallResult OperatingSystem::drop_file(ObjectId file) {
    return page_calls_.drop(file);
}

std::optional<Region> OperatingSystem::region_at(ProcessId id, VirtualAddress address) const {
    return processes_.living(id).space.regions.find(address);
}

hw::TranslationContext OperatingSystem::switch_to(ProcessId id) {
    AddressSpace& space = processes_.living(id).space;
    if (last_turn_ && last_turn_ != id) {
        ++context_switches_;
    }
    last_turn_ = id;
    assign_asid(space);
    return {.root = space.root,
            .asid = space.asid->asid,
            .privilege = Privilege::user,
            .hardware_ad_update = paging_.ad_update == hw::AdUpdate::hardware,
            .page_based_memory_types = paging_.svpbmt};
}

FaultProgress OperatingSystem::handle_fault(ProcessId id, const hw::PageFault& fault) {
    Process& process = processes_.living(id);
    const FaultProgress progress = faults_.handle(process, fault);
    if (const auto* const outcome = std::get_if<FaultOutcome>(&progress)) {
        ++process.faults[outcome->kind];
        if (outcome->signal) {
            process.signal = outcome->signal;
        }
    }
    return progress;
}

bool OperatingSystem::waits_for_storage(ProcessId id) const {
    const std::optional<PendingFault>& pending = processes_[id].pending_fault;
    return pending && transfers_.under_way(pending->waits_for);
}

void OperatingSystem::fence(std::optional<ProcessId> id, std::optional<VirtualAddress> address) {
    machine_.spend(Stage::fault_fence, parameters_.fence_cycles);
    std::optional<Asid> asid;
    if (id) {
        const AddressSpace& space = processes_.living(*id).space;
        if (!space.asid || !asids_.current(*space.asid)) {
            return;
        }
        asid = space.asid->asid;
    }
    fences_.issue({.address = address, .asid = asid});
}

void OperatingSystem::loaded(PhysicalPageNumber frame) {
    if (frames_.contains(frame)) {
        (void)pages_.take_accessed(frame);
    }
}

void OperatingSystem::exit(ProcessId id) {
    Process& process = processes_.living(id);
    AddressSpace& space = process.space;
    const std::optional<AssignedAsid> last_asid = retire_asid(space);
    faults_.stop_waiting(process);
    calls_.clear(process);
    allocator_.release(space.root, FrameUse::page_table);
    --space.page_table_pages;
    space.asid = last_asid;
    process.exited = true;
}

OsStatistics OperatingSystem::statistics() const {
    const StorageTraffic& traffic = transfers_.traffic();
    return {.frames = allocator_.statistics(),
            .evictions = reclaimer_.evictions(),
            .thp = faults_.huge_pages(),
            .compaction = compactor_.statistics(),
            .hugetlb = pools_.statistics(),
            .swap = {.pages_used = swap_.taken(),
                     .reads = traffic.swap_reads,
                     .writes = traffic.swap_writes},
            .page_cache = page_cache_statistics(),
            .tlb_invalidations = fences_.issued(),
            .context_switches = context_switches_,
            .asid_rollovers = asid_rollovers_,
            .vmstat = vm_statistics(),
            .shared_memory = shared_memory_statistics()};
}

// What Linux counts where it starts a request to storage is counted here where the fault ends.
VmStatistics OperatingSystem::vm_statistics() const {
    constexpr std::uint64_t kib_per_page = page_bytes / 1024;
    const StorageTraffic& traffic = transfers_.traffic();
    const FaultStatistics faults = fault_statistics();
    const PageEvents& pages = pages_.events();
    // A fault that no region permits ends before it is handled (mm_account_fault).
    const std::uint64_t failed = faults.by_kind[FaultKind::beyond_file] +
                                 faults.by_kind[FaultKind::read_error] +
                                 faults.by_kind[FaultKind::out_of_memory];
    return {.pgpgin = (traffic.file_reads + traffic.swap_reads) * kib_per_page,
            .pgpgout = (traffic.file_writes + traffic.swap_writes) * kib_per_page,
            .pswpin = traffic.swap_reads,
            .pswpout = traffic.swap_writes,
            .pgalloc = allocator_.allocated(),
            .pgfree = allocator_.released(),
            .pgfault = faults.minor + faults.major + failed,
            .pgmajfault = faults.major,
            .pgscan = reclaimer_.scanned(),
            .pgsteal = pages.reclaimed,
            // Nothing else brings a page into swap.
            .workingset_refault_anon = traffic.swap_reads,
            .workingset_refault_file = pages.file_refaults,
            .thp_fault_alloc = faults_.huge_pages().fault_alloc,
            .thp_fault_fallback = faults_.huge_pages().fault_fallback,
            .thp_split_page = pages.split_huge_pages,
            .thp_split_pmd = pages.split_huge_mappings};
}

std::uint64_t OperatingSystem::anonymous_frames_in_table() const {
    return static_cast<std::uint64_t>(
        std::count_if(frames_.begin(), frames_.end(),
                      [](const auto& entry) { return !entry.second.object_page; }));
}

std::uint64_t OperatingSystem::mapped_anonymous_frames() const {
    return static_cast<std::uint64_t>(
        std::count_if(frames_.begin(), frames_.end(), [](const auto& entry) {
            const Frame& frame = entry.second;
            return !frame.object_page && (!frame.mappings.empty() || frame.huge_page);
        }));
}

FaultStatistics OperatingSystem::fault_statistics() const {
    FaultCounts counts;
    for (const Process& process : processes_) {
        for (std::size_t kind = 0; kind < counts.values.size(); ++kind) {
            counts.values[kind] += process.faults.values[kind];
        }
    }
    return fault_statistics_of(counts);
}

std::vector<ProcessStatistics> OperatingSystem::process_statistics() const {
    std::vector<ProcessStatistics> statistics;
    statistics.reserve(processes_.size());
    std::transform(processes_.begin(), processes_.end(), std::back_inserter(statistics),
                   statistics_of);
    return statistics;
}

std::vector<ProcessMemory> OperatingSystem::process_memory() const {
    const MemorySurvey all = survey();
    std::vector<ProcessMemory> memory;
    memory.reserve(processes_.size());
    std::transform(processes_.begin(), processes_.end(), std::back_inserter(memory),
                   [&all](const Process& process) { return all.of(process); });
    return memory;
}

std::optional<PhysicalPageNumber> OperatingSystem::root_of(ProcessId id) const {
    const Process& process = processes_[id];
    return process.exited ? std::nullopt : std::optional(process.space.root);
}

std::string OperatingSystem::name_of(ProcessId id, const Region& region) const {
    return survey().name_of(processes_.living(id).space, region);
}

MemorySurvey OperatingSystem::survey() const {
    return {format_,
            {.frames = frames_,
             .processes = processes_,
             .objects = objects_,
             .pages = pages_,
             .huge_pages = huge_pages_,
             .machine = machine_}};
}

void OperatingSystem::reset_statistics() {
    for (Process& process : processes_) {
        process.faults = {};
    }
    fences_.reset_statistics();
    transfers_.reset_statistics();
    reclaimer_.reset_statistics();
    allocator_.reset_statistics();
    pages_.reset_statistics();
    compactor_.reset_statistics();
    faults_.reset_statistics();
    context_switches_ = 0;
    asid_rollovers_ = 0;
}

// Before any frame of the space can be somebody else's. Afterwards no TLB knows the space.
std::optional<AssignedAsid> OperatingSystem::retire_asid(AddressSpace& space) {
    if (space.asid && asids_.current(*space.asid)) {
        fences_.issue({.address = std::nullopt, .asid = space.asid->asid});
        asids_.release(*space.asid);
    }
    return std::exchange(space.asid, std::nullopt);
}

void OperatingSystem::assign_asid(AddressSpace& space) {
    const AsidAllocator::Assignment assignment = asids_.assign(space.asid);
    space.asid = assignment.assigned;
    if (!assignment.rolled_over) {
        return;
    }
    fences_.issue({.address = std::nullopt, .asid = std::nullopt});
    // Without ASIDs the fence is an ordinary part of every switch.
    if (paging_.asid_bits != 0) {
        ++asid_rollovers_;
    }
}

PageCacheStatistics OperatingSystem::page_cache_statistics() const {
    const StorageTraffic& traffic = transfers_.traffic();
    PageCacheStatistics statistics{.reads = traffic.file_reads, .writes = traffic.file_writes};
    for (const Object& object : objects_) {
        for (const auto& [page, number] : object.cache) {
            ++statistics.pages;
            statistics.dirty += frames_[number].dirty ? 1 : 0;
        }
    }
    return statistics;
}

std::vector<SharedMemoryStatistics> OperatingSystem::shared_memory_statistics() const {
    std::vector<SharedMemoryStatistics> list;
    for (std::uint32_t number = 0; number < objects_.size(); ++number) {
        const Object& object = objects_[ObjectId{number}];
        if (object.kind != ObjectKind::shared_memory) {
            continue;
        }
        const auto swapped = std::count_if(
            object.swapped.begin(), object.swapped.end(),
            [&object](const auto& page) { return !object.cached(page.first).has_value(); });
        list.push_back({.name = object.name,
                        .bytes = object.bytes,
                        .attached = regions_that_map({number}),
                        .resident_pages = object.cache.size(),
                        .swapped_pages = static_cast<std::uint64_t>(swapped)});
    }
    return list;
}

std::uint64_t OperatingSystem::regions_that_map(ObjectId object) const {
    std::uint64_t count = 0;
    for (const Process& process : processes_) {
        for (const Region& region : process.space.regions.all()) {
            count += region.object == object ? 1 : 0;
        }
    }
    return count;
}

}  // namespace mmusim::sw

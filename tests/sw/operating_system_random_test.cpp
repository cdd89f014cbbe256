// SPDX-License-Identifier: Apache-2.0
// Random processes and accesses, judged by a model that knows nothing of page tables: a map from
// (process, page) to what is there.
#include "hw/base/random.hpp"
#include "sw/operating_system.hpp"
#include "tests/support/counting_machine.hpp"
#include "tests/sw/hardware_walk.hpp"

#include <catch2/catch.hpp>

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <utility>
#include <vector>

namespace mmusim::sw::operating_system_random_test {

namespace {

using namespace mmusim::literals;
using tests::CountingMachine;

constexpr PhysicalAddress base{0x8000'0000};
constexpr std::uint64_t user_frames = 60;

// Three regions of every process, in different tables.
struct KnownRegion {
    std::uint64_t first_page;
    std::uint64_t pages;
    Rights rights;
};
const std::vector<KnownRegion> known_regions{
    {.first_page = 0x10, .pages = 20, .rights = {.read = true, .write = true}},
    {.first_page = 0x1f8, .pages = 16, .rights = {.read = true}},
    {.first_page = 0x5'0000, .pages = 20, .rights = read_write_execute},
};

enum class Content : std::uint8_t { zero_page, own_frame };

// What should be where.
class Model {
  public:
    explicit Model(bool zero_page) : zero_page_(zero_page) {}

    FaultOutcome fault(ProcessId process, std::uint64_t page, AccessType type) {
        const KnownRegion* const region = region_of(page);
        if (region == nullptr) {
            return {.kind = FaultKind::unmapped, .signal = Signal::segv_maperr};
        }
        if (!region->rights.allows(type)) {
            return {.kind = FaultKind::protection, .signal = Signal::segv_accerr};
        }
        if (type != AccessType::write && zero_page_) {
            pages_[{process, page}] = Content::zero_page;
            return {.kind = FaultKind::zero_page};
        }
        if (frames_in_use() == user_frames) {
            return {.kind = FaultKind::out_of_memory, .signal = Signal::kill};
        }
        pages_[{process, page}] = Content::own_frame;
        return {.kind = FaultKind::anonymous_zero};
    }

    [[nodiscard]] bool permits(ProcessId process, std::uint64_t page, AccessType type) const {
        const auto content = pages_.find({process, page});
        return content != pages_.end() && region_of(page)->rights.allows(type) &&
               (type != AccessType::write || content->second == Content::own_frame);
    }

    void exit(ProcessId process) {
        std::erase_if(pages_, [&](const auto& entry) { return entry.first.first == process; });
    }

    [[nodiscard]] std::uint64_t resident_pages(ProcessId process) const {
        std::uint64_t count = 0;
        for (const auto& [key, content] : pages_) {
            count += key.first == process && content == Content::own_frame ? 1 : 0;
        }
        return count;
    }

    [[nodiscard]] std::uint64_t frames_in_use() const {
        std::uint64_t count = 0;
        for (const auto& [key, content] : pages_) {
            count += content == Content::own_frame ? 1 : 0;
        }
        return count;
    }

  private:
    [[nodiscard]] static const KnownRegion* region_of(std::uint64_t page) {
        for (const KnownRegion& region : known_regions) {
            if (page >= region.first_page && page < region.first_page + region.pages) {
                return &region;
            }
        }
        return nullptr;
    }

    bool zero_page_;
    std::map<std::pair<ProcessId, std::uint64_t>, Content> pages_;
};

// Mostly in a region, sometimes just beside one.
std::uint64_t random_page(Random& random) {
    const KnownRegion& region = known_regions[random.below(known_regions.size())];
    return region.first_page + random.below(region.pages + 2) - 1;
}

ProcessId new_process(OperatingSystem& os) {
    const ProcessId process = os.create_process("process").value();
    for (const KnownRegion& region : known_regions) {
        const VirtualPageNumber first{region.first_page};
        os.map(process, {.start = first.address(),
                         .end = (first + region.pages).address(),
                         .rights = region.rights});
    }
    return process;
}

void check_sums(const OperatingSystem& os) {
    const FrameStatistics frames = os.statistics().frames;
    std::uint64_t resident_pages = 0;
    std::uint64_t page_table_pages = 0;
    std::uint64_t faults = 0;
    for (const ProcessStatistics& process : os.process_statistics()) {
        resident_pages += process.rss_pages;
        page_table_pages += process.page_table_pages;
        faults += process.minor + process.major + process.invalid;
    }
    const FaultStatistics total = os.fault_statistics();
    REQUIRE(frames.total == frames.free + frames.page_table + frames.anonymous + frames.file);
    REQUIRE(frames.anonymous == resident_pages);
    REQUIRE(frames.page_table == page_table_pages);
    REQUIRE(faults == total.minor + total.major + total.invalid);
}

}  // namespace

TEST_CASE("random faults of random processes give what a map of pages says") {
    const auto mode = GENERATE(hw::PagingMode::sv32, hw::PagingMode::sv39, hw::PagingMode::sv57);
    const auto zero_page = GENERATE(false, true);
    const hw::PagingParameters paging{.mode = mode, .asid_bits = 1};

    CountingMachine machine;
    OperatingSystem os(
        {.implicit_mapping = false, .zero_page = zero_page, .user_frames = user_frames}, paging,
        base, 1_MiB, machine);
    Model model(zero_page);
    Random random(1);
    std::vector<ProcessId> alive{new_process(os), new_process(os), new_process(os)};
    std::set<FaultKind> kinds_seen;

    for (int turn = 0; turn < 5'000; ++turn) {
        const std::size_t chosen = random.below(alive.size());
        const ProcessId process = alive[chosen];
        const std::uint64_t page = random_page(random);
        const VirtualAddress address = VirtualPageNumber{page}.address() + random.below(page_bytes);
        const auto type = static_cast<AccessType>(random.below(enumerator_count<AccessType>));
        const hw::TranslationContext context = os.switch_to(process);

        const auto seen = tests::hardware_walk(machine, paging, context, address, type);
        REQUIRE(seen.has_value() == model.permits(process, page, type));
        if (seen) {
            continue;
        }
        const auto outcome =
            std::get<FaultOutcome>(os.handle_fault(process, {.address = address, .type = type}));
        kinds_seen.insert(outcome.kind);
        REQUIRE(outcome == model.fault(process, page, type));
        REQUIRE(tests::hardware_walk(machine, paging, context, address, type).has_value() ==
                !outcome.signal);
        if (outcome.kind == FaultKind::out_of_memory || random.below(200) == 0) {
            os.exit(process);
            model.exit(process);
            alive[chosen] = new_process(os);
        }
        REQUIRE(os.process_statistics()[process.value].rss_pages == model.resident_pages(process));
        check_sums(os);
    }

    CHECK(kinds_seen.size() == (zero_page ? 5 : 4));
    for (const ProcessId process : alive) {
        os.exit(process);
    }
    CHECK(os.statistics().frames.free == os.statistics().frames.total);
    check_sums(os);
}

}  // namespace mmusim::sw::operating_system_random_test

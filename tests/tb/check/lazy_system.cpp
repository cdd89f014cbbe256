// SPDX-License-Identifier: Apache-2.0
#include "tests/tb/check/lazy_system.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

namespace mmusim::tests {

namespace {

constexpr std::uint64_t frame_count = 80;
constexpr std::uint64_t zero_frame = 0;  // mapped by all that have read untouched memory
constexpr std::uint64_t block_pages = 4;

constexpr PhysicalPageNumber number_of(std::uint64_t frame) {
    return {frame};
}

constexpr tb::StoragePage swap_page(std::uint64_t slot) {
    return {.medium = tb::Medium::swap, .page = slot};
}

constexpr std::uint64_t block_of(std::uint64_t page) {
    return page / block_pages * block_pages;
}

}  // namespace

LazySystem::LazySystem(Defect defect, std::uint64_t seed, tb::ContentsChecker& checker)
    : defect_(defect), random_(seed), checker_(checker), frames_(frame_count) {
    for (std::uint64_t frame = zero_frame + 1; frame < frame_count; ++frame) {
        free_frames_.insert(frame);
    }
}

sw::ObjectId LazySystem::make_file(std::uint64_t bytes) {
    const sw::ObjectId id{static_cast<std::uint32_t>(objects_.size())};
    objects_.push_back({.bytes = bytes, .first_storage_page = storage_pages_});
    checker_.programs().make_file(id, bytes, storage_pages_);
    storage_pages_ += (bytes + page_bytes - 1) / page_bytes;
    return id;
}

sw::ObjectId LazySystem::make_shared_memory() {
    const sw::ObjectId id{static_cast<std::uint32_t>(objects_.size())};
    objects_.emplace_back();
    checker_.programs().make_shared_memory(id);
    return id;
}

sw::ProcessId LazySystem::make_process() {
    const sw::ProcessId id{processes_made_++};
    processes_[id.value] = {};
    checker_.programs().make_process(id);
    return id;
}

sw::ProcessId LazySystem::fork(sw::ProcessId parent) {
    const sw::ProcessId child{processes_made_++};
    Pages& copies = processes_[child.value];
    for (auto& [number, page] : processes_.at(parent.value)) {
        Page& copied = copies[number];
        copied = page;
        const bool of_cache = page.state == State::in_frame && frames_[page.place].cached;
        if (of_cache) {
            copied.state = State::untouched;
        } else if (page.state == State::swapped) {
            ++slot_owners_.at(page.place);
        } else if (page.state == State::in_frame) {
            page.writable = page.writable && strikes(Defect::fork_shares_writable);
            put({.process = child.value, .page = number}, page.place, page.writable);
        }
    }
    checker_.programs().fork(parent, child);
    return child;
}

void LazySystem::exec(sw::ProcessId id) {
    for (const auto& [number, page] : processes_.at(id.value)) {
        let_go({.process = id.value, .page = number});
    }
    processes_.at(id.value).clear();
    checker_.programs().exec(id);
}

void LazySystem::exit(sw::ProcessId id) {
    for (const auto& [number, page] : processes_.at(id.value)) {
        let_go({.process = id.value, .page = number});
    }
    processes_.erase(id.value);
    checker_.programs().exit(id);
}

void LazySystem::map(sw::ProcessId id, const sw::Region& region, bool populate) {
    const sw::PageSpan span = region.span();
    unmap(id, span);
    sw::Region mapped = region;
    if (region.sharing == sw::Sharing::shared && !region.object) {
        objects_.emplace_back();
        mapped.object = sw::ObjectId{static_cast<std::uint32_t>(objects_.size() - 1)};
    }
    for (VirtualAddress at = region.start; at < region.end; at = at + page_bytes) {
        Page& page = processes_.at(id.value)[page_number_of(at).value];
        page.sharing = region.sharing;
        page.object_page = mapped.object_page_at(at);
        if (mapped.object) {
            page.object = mapped.object->value;
        }
    }
    checker_.programs().map(id, region);
    if (populate) {
        for (const std::uint64_t number : pages_in(id, span)) {
            const Owner owner{.process = id.value, .page = number};
            if (reaches(owner)) {
                make_present(owner, true);
            }
        }
        checker_.programs().copy_private(id, span);
    }
}

void LazySystem::unmap(sw::ProcessId id, sw::PageSpan span) {
    for (const std::uint64_t number : pages_in(id, span)) {
        let_go({.process = id.value, .page = number});
        processes_.at(id.value).erase(number);
    }
    checker_.programs().unmap(id, span);
}

void LazySystem::move(sw::ProcessId id, sw::PageSpan from, VirtualAddress to) {
    const std::uint64_t shift = page_number_of(to).value - page_number_of(from.start).value;
    unmap(id, {.start = to, .end = to + (from.end.value - from.start.value)});
    for (const std::uint64_t number : pages_in(id, from)) {
        const Owner old_owner{.process = id.value, .page = number};
        const Owner new_owner{.process = id.value, .page = number + shift};
        split(old_owner);
        auto page = processes_.at(id.value).extract(number);
        page.key() = new_owner.page;
        if (page.mapped().state == State::in_frame) {
            std::vector<Owner>& owners = frames_[page.mapped().place].owners;
            std::replace(owners.begin(), owners.end(), old_owner, new_owner);
        }
        processes_.at(id.value).insert(std::move(page));
    }
    checker_.programs().move(id, from, to);
}

void LazySystem::dontneed(sw::ProcessId id, sw::PageSpan span) {
    for (const std::uint64_t number : pages_in(id, span)) {
        const Owner owner{.process = id.value, .page = number};
        let_go(owner);
    }
    checker_.programs().dontneed(id, span);
}

void LazySystem::free(sw::ProcessId id, sw::PageSpan span) {
    for (const std::uint64_t number : pages_in(id, span)) {
        const Owner owner{.process = id.value, .page = number};
        const Page& page = page_of(owner);
        const bool anonymous = page.sharing == sw::Sharing::private_ && !page.object;
        if (anonymous && page.state == State::swapped) {
            let_go(owner);
        } else if (anonymous && page.state == State::in_frame &&
                   frames_[page.place].owners.size() == 1) {
            frames_[page.place].given_free = true;
        }
    }
    checker_.programs().free(id, span);
}

void LazySystem::sync(sw::ObjectId id) {
    for (const auto& [page, frame] : objects_[id.value].frames) {
        write_back(frame);
    }
}

void LazySystem::drop(sw::ObjectId id) {
    sync(id);
    for (const auto& [page, frame] : std::map(objects_[id.value].frames)) {
        if (frames_[frame].owners.empty() && objects_[id.value].bytes) {
            evict(frame);
        }
    }
}

void LazySystem::reclaim() {
    pinned_.reset();
    reclaim_any();
}

void LazySystem::access(sw::ProcessId id, VirtualAddress address, std::uint64_t bytes,
                        AccessType type) {
    const Owner owner{.process = id.value, .page = page_number_of(address).value};
    if (!reaches(owner)) {
        return;
    }
    make_present(owner, type == AccessType::write);
    checker_.finished(
        {.number = work_.accesses++,
         .process = id,
         .virtual_address = address,
         .physical_address = number_of(page_of(owner).place).address() + address.page_offset(),
         .type = type,
         .bytes = bytes});
}

bool LazySystem::strikes(Defect defect) {
    return defect_ == defect && random_.below(4) == 0;
}

bool LazySystem::reaches(Owner owner) const {
    const Pages& pages = processes_.at(owner.process);
    const auto found = pages.find(owner.page);
    if (found == pages.end()) {
        return false;
    }
    const Page& page = found->second;
    return !page.object || !objects_[*page.object].bytes ||
           page.object_page * page_bytes < *objects_[*page.object].bytes;
}

std::vector<std::uint64_t> LazySystem::pages_in(sw::ProcessId id, sw::PageSpan span) const {
    const Pages& pages = processes_.at(id.value);
    std::vector<std::uint64_t> numbers;
    for (auto next = pages.lower_bound(page_number_of(span.start).value);
         next != pages.end() && next->first < page_number_of(span.end).value; ++next) {
        numbers.push_back(next->first);
    }
    return numbers;
}

void LazySystem::make_present(Owner owner, bool to_write) {
    const Page& page = page_of(owner);
    if (page.state == State::swapped) {
        swap_in(owner);
    } else if (page.state == State::untouched && page.object) {
        put(owner, bring_in({.object = *page.object, .page = page.object_page}), false);
    } else if (page.state == State::untouched) {
        give_zeros(owner, to_write);
    }
    if (!to_write) {
        return;
    }
    if (!page.writable) {
        make_writable(owner);
    }
    Frame& frame = frames_[page.place];
    frame.dirty = true;
    frame.given_free = frame.given_free && strikes(Defect::lazy_free_forgets_the_store);
}

void LazySystem::give_zeros(Owner owner, bool to_write) {
    if (!to_write && random_.below(2) == 0) {
        put(owner, zero_frame, false);
    } else if (!give_block(owner)) {
        put(owner, take_zeroed_frame(), true);
    }
}

// Pages that nobody has touched, all that there are of a block, in a block of frames.
bool LazySystem::give_block(Owner owner) {
    const Pages& pages = processes_.at(owner.process);
    for (std::uint64_t inside = 0; inside < block_pages; ++inside) {
        const auto found = pages.find(block_of(owner.page) + inside);
        if (found == pages.end() || found->second.object ||
            found->second.state != State::untouched) {
            return false;
        }
    }
    const std::uint64_t first_frame = take_block();
    for (std::uint64_t inside = 0; inside < block_pages; ++inside) {
        const Owner neighbour{.process = owner.process, .page = block_of(owner.page) + inside};
        zero(first_frame + inside);
        put(neighbour, first_frame + inside, true);
        page_of(neighbour).in_block = true;
    }
    ++work_.blocks;
    return true;
}

void LazySystem::swap_in(Owner owner) {
    const std::uint64_t frame = take_frame();
    const std::uint64_t slot = page_of(owner).place;
    checker_.frames().read_from_storage(swap_page(slot), number_of(frame));
    leave_slot(slot);
    put(owner, frame, true);
    ++work_.swapped_in;
}

void LazySystem::make_writable(Owner owner) {
    Page& page = page_of(owner);
    const Frame& frame = frames_[page.place];
    const bool only_owner = !frame.cached && frame.owners.size() == 1;
    if (page.sharing == sw::Sharing::shared) {
        page.writable = true;
    } else if (page.place == zero_frame) {
        put(owner, take_zeroed_frame(), true);
    } else if (only_owner || strikes(Defect::copy_on_write_forgotten)) {
        page.writable = true;
        ++work_.reuses;
    } else {
        copy(owner);
    }
}

void LazySystem::copy(Owner owner) {
    const std::uint64_t source = page_of(owner).place;
    pinned_ = source;
    const std::uint64_t target = take_frame();
    pinned_.reset();
    const bool was_in_block = page_of(owner).in_block;
    const bool wrong = was_in_block && strikes(Defect::split_copies_the_wrong_half);
    checker_.frames().copy_frame(number_of(wrong ? source ^ 2U : source), number_of(target));
    split(owner);
    leave_frame(owner);
    put(owner, target, true);
    ++work_.copies;
    work_.block_copies += was_in_block ? 1 : 0;
}

void LazySystem::put(Owner owner, std::uint64_t frame, bool writable) {
    Page& page = page_of(owner);
    page.state = State::in_frame;
    page.place = frame;
    page.writable = writable;
    if (frame != zero_frame) {
        frames_[frame].owners.push_back(owner);
    }
}

// The page is untouched again.
void LazySystem::let_go(Owner owner) {
    split(owner);
    if (page_of(owner).state == State::in_frame) {
        leave_frame(owner);
    } else if (page_of(owner).state == State::swapped) {
        leave_slot(page_of(owner).place);
    }
    page_of(owner).state = State::untouched;
}

void LazySystem::leave_frame(Owner owner) {
    const std::uint64_t number = page_of(owner).place;
    std::erase(frames_[number].owners, owner);
    free_if_unused(number);
}

// What is left of a block is pages.
void LazySystem::split(Owner owner) {
    if (!page_of(owner).in_block) {
        return;
    }
    Pages& pages = processes_.at(owner.process);
    for (std::uint64_t inside = 0; inside < block_pages; ++inside) {
        const auto found = pages.find(block_of(owner.page) + inside);
        if (found != pages.end()) {
            found->second.in_block = false;
        }
    }
}

std::uint64_t LazySystem::take_frame() {
    while (free_frames_.empty()) {
        reclaim_any();
    }
    const std::uint64_t frame = *std::prev(free_frames_.end());
    free_frames_.erase(frame);
    frames_[frame] = {};
    return frame;
}

// The first of some block's frames, whoever has had them.
std::uint64_t LazySystem::take_block() {
    const std::uint64_t blocks = frame_count / block_pages - 1;
    const std::uint64_t first_frame = (1 + random_.below(blocks)) * block_pages;
    for (std::uint64_t frame = first_frame; frame < first_frame + block_pages; ++frame) {
        if (!free_frames_.contains(frame)) {
            evict(frame);
        }
        free_frames_.erase(frame);
    }
    return first_frame;
}

std::uint64_t LazySystem::take_zeroed_frame() {
    const std::uint64_t frame = take_frame();
    zero(frame);
    return frame;
}

void LazySystem::zero(std::uint64_t frame) {
    frames_[frame] = {};
    if (!strikes(Defect::zeroing_forgotten)) {
        checker_.frames().clear_frame(number_of(frame));
    }
}

void LazySystem::reclaim_any() {
    const std::uint64_t number = 1 + random_.below(frame_count - 1);
    if (pinned_ != number && !free_frames_.contains(number)) {
        evict(number);
    }
}

void LazySystem::evict(std::uint64_t number) {
    for (const Owner& owner : frames_[number].owners) {
        split(owner);
    }
    if (frames_[number].cached) {
        evict_of_object(number);
    } else if (frames_[number].given_free) {
        for (const Owner& owner : std::exchange(frames_[number].owners, {})) {
            page_of(owner).state = State::untouched;
        }
        ++work_.lazily_freed;
    } else {
        swap_out(number);
    }
    free_if_unused(number);
}

void LazySystem::evict_of_object(std::uint64_t number) {
    const ObjectPage which = *frames_[number].cached;
    Object& object = objects_[which.object];
    if (!object.bytes) {
        const std::uint64_t slot = take_slot(1);
        write_slot(number, slot);
        object.slots[which.page] = slot;
    } else if (!strikes(Defect::write_back_lost)) {
        write_back(number);
    }
    for (const Owner& owner : std::exchange(frames_[number].owners, {})) {
        page_of(owner).state = State::untouched;
    }
    object.frames.erase(which.page);
    frames_[number].cached.reset();
}

void LazySystem::swap_out(std::uint64_t number) {
    const std::uint64_t slot = take_slot(frames_[number].owners.size());
    write_slot(number, slot);
    for (const Owner& owner : std::exchange(frames_[number].owners, {})) {
        page_of(owner).state = State::swapped;
        page_of(owner).place = slot;
        page_of(owner).writable = false;
    }
}

void LazySystem::free_if_unused(std::uint64_t number) {
    const Frame& frame = frames_[number];
    if (number != zero_frame && frame.owners.empty() && !frame.cached) {
        free_frames_.insert(number);
    }
}

// The frame that holds a page of an object.
std::uint64_t LazySystem::bring_in(ObjectPage page) {
    Object& object = objects_[page.object];
    if (object.frames.contains(page.page)) {
        return object.frames.at(page.page);
    }
    const std::uint64_t frame = take_frame();
    frames_[frame].cached = page;
    object.frames[page.page] = frame;
    if (object.bytes) {
        const bool whole = strikes(Defect::tail_not_zeroed);
        const std::uint64_t valid_bytes = *object.bytes - page.page * page_bytes;
        checker_.frames().read_from_storage(storage_of(page), number_of(frame),
                                            whole ? page_bytes : valid_bytes);
        ++work_.files_read;
    } else if (object.slots.contains(page.page)) {
        const std::uint64_t slot = object.slots.at(page.page);
        object.slots.erase(page.page);
        checker_.frames().read_from_storage(swap_page(slot), number_of(frame));
        leave_slot(slot);
        ++work_.swapped_in;
    } else {
        checker_.frames().clear_frame(number_of(frame));
    }
    return frame;
}

void LazySystem::write_back(std::uint64_t number) {
    Frame& frame = frames_[number];
    if (!frame.dirty || !objects_[frame.cached->object].bytes) {
        return;
    }
    checker_.frames().write_to_storage(number_of(number), storage_of(*frame.cached));
    frame.dirty = false;
    for (const Owner& owner : frame.owners) {
        page_of(owner).writable = false;
    }
    ++work_.files_written;
}

tb::StoragePage LazySystem::storage_of(ObjectPage page) const {
    return {.medium = tb::Medium::files,
            .page = objects_[page.object].first_storage_page + page.page};
}

// The lowest that is free.
std::uint64_t LazySystem::take_slot(std::uint64_t owners) {
    std::uint64_t slot = 0;
    while (slot_owners_.contains(slot)) {
        ++slot;
    }
    slot_owners_[slot] = owners;
    return slot;
}

void LazySystem::leave_slot(std::uint64_t slot) {
    const auto found = slot_owners_.find(slot);
    if (found == slot_owners_.end()) {
        return;
    }
    --found->second;
    if (found->second == 0 || strikes(Defect::swap_slot_freed_early)) {
        slot_owners_.erase(found);
    }
}

void LazySystem::write_slot(std::uint64_t frame, std::uint64_t slot) {
    if (!strikes(Defect::stale_swap_slot)) {
        checker_.frames().write_to_storage(number_of(frame), swap_page(slot));
    }
    ++work_.swapped_out;
}

}  // namespace mmusim::tests

// SPDX-License-Identifier: Apache-2.0
#include "tb/check/contents_oracle.hpp"

#include "hw/base/problems.hpp"

#include <fmt/format.h>

#include <limits>
#include <utility>

namespace mmusim::tb {

namespace {

constexpr sw::PageSpan everywhere{.start = {0}, .end = {std::numeric_limits<std::uint64_t>::max()}};

constexpr bool is_private(const sw::Region& region) {
    return region.sharing == sw::Sharing::private_;
}

// Of the pages, the numbers of those in the span. A span may be as large as an address space.
template <typename Pages>
std::vector<std::uint64_t> numbers_in(const Pages& pages, sw::PageSpan span) {
    const std::uint64_t first = page_number_of(span.start).value;
    const std::uint64_t end = page_number_of(span.end).value;
    std::vector<std::uint64_t> numbers;
    if (end - first < pages.size()) {
        for (std::uint64_t number = first; number < end; ++number) {
            if (pages.contains(number)) {
                numbers.push_back(number);
            }
        }
        return numbers;
    }
    for (const auto& [number, page] : pages) {
        if (first <= number && number < end) {
            numbers.push_back(number);
        }
    }
    return numbers;
}

const sw::Region& region_at(const MappedRegions& regions, VirtualAddress address) {
    const sw::Region* const found = regions.find(address);
    if (found == nullptr) {
        throw ModelError(fmt::format("contents at {}: expected a region there", address));
    }
    return *found;
}

template <typename Processes>
auto& find_process(Processes& processes, sw::ProcessId id) {
    const auto found = processes.find(id);
    if (found == processes.end()) {
        throw ModelError(fmt::format("contents of process {}: there is no such process", id.value));
    }
    return found->second;
}

unsigned word_at(VirtualAddress address) {
    return words_touched(address.page_offset(), 1).first;
}

}  // namespace

void ContentsOracle::make_file(sw::ObjectId id, std::uint64_t bytes,
                               std::uint64_t first_storage_page) {
    add_object(id, {.file = File{.bytes = bytes, .first_storage_page = first_storage_page}});
}

void ContentsOracle::make_shared_memory(sw::ObjectId id) {
    add_object(id, {});
}

void ContentsOracle::make_process(sw::ProcessId id) {
    if (!processes_.try_emplace(id).second) {
        throw ModelError(fmt::format("contents of process {}: it is there already", id.value));
    }
}

void ContentsOracle::fork(sw::ProcessId parent, sw::ProcessId child) {
    make_process(child);
    process(child) = process(parent);
    remember(parent, everywhere, fmt::format("forked process {}", child.value));
    remember(child, everywhere, fmt::format("made by a fork of process {}", parent.value));
}

void ContentsOracle::exec(sw::ProcessId id) {
    process(id) = {};
    remember(id, everywhere, "exec");
}

void ContentsOracle::exit(sw::ProcessId id) {
    static_cast<void>(process(id));
    processes_.erase(id);
}

void ContentsOracle::map(sw::ProcessId id, const sw::Region& region) {
    Process& its = process(id);
    its.regions.take(region.span());
    clear(its, region.span());
    sw::Region mapped = region;
    if (region.object) {
        static_cast<void>(object(*region.object));
    } else if (!is_private(region)) {
        make_shared_memory(next_nameless_);
        mapped.object = next_nameless_;
        ++next_nameless_.value;
    }
    its.regions.add(mapped);
    remember(id, region.span(), is_private(region) ? "mapped private" : "mapped shared");
}

void ContentsOracle::unmap(sw::ProcessId id, sw::PageSpan span) {
    Process& its = process(id);
    its.regions.take(span);
    clear(its, span);
    remember(id, span, "unmapped");
}

void ContentsOracle::move(sw::ProcessId id, sw::PageSpan from, VirtualAddress to) {
    const auto moved = [&](VirtualAddress address) {
        return to + (address.value - from.start.value);
    };
    const sw::PageSpan target{.start = to, .end = moved(from.end)};
    Process& its = process(id);
    its.regions.take(target);
    clear(its, target);
    for (sw::Region region : its.regions.take(from)) {
        region.start = moved(region.start);
        region.end = moved(region.end);
        its.regions.add(region);
    }
    for (const std::uint64_t number : numbers_in(its.own, from)) {
        auto page = its.own.extract(number);
        page.key() = page_number_of(moved(VirtualPageNumber{number}.address())).value;
        its.own.insert(std::move(page));
    }
    remember(id, from, fmt::format("moved to {}", to));
    remember(id, target, fmt::format("moved from {}", from.start));
}

void ContentsOracle::dontneed(sw::ProcessId id, sw::PageSpan span) {
    Process& its = process(id);
    for (const sw::Region& piece : its.regions.in(span)) {
        if (is_private(piece)) {
            clear(its, piece.span());
        }
    }
    remember(id, span, "not needed (MADV_DONTNEED)");
}

void ContentsOracle::free(sw::ProcessId id, sw::PageSpan span) {
    Process& its = process(id);
    for (const sw::Region& piece : its.regions.in(span)) {
        if (!is_private(piece) || piece.object) {
            continue;
        }
        for (const std::uint64_t number : numbers_in(its.own, piece.span())) {
            its.own.at(number).to_change().may_lose_from(0);
        }
    }
    remember(id, span, "given free (MADV_FREE)");
}

void ContentsOracle::copy_private(sw::ProcessId id, sw::PageSpan span) {
    Process& its = process(id);
    for (const sw::Region& piece : its.regions.in(span)) {
        if (!is_private(piece) || !piece.object) {
            continue;
        }
        for (VirtualAddress page = piece.start; page < piece.end; page = page + page_bytes) {
            if (has_page(piece, page)) {
                own_page(its, piece, page);
            }
        }
    }
}

bool ContentsOracle::reaches(sw::ProcessId id, VirtualAddress address) const {
    const sw::Region* const region = process(id).regions.find(address);
    return region != nullptr && has_page(*region, address);
}

void ContentsOracle::store(sw::ProcessId id, VirtualAddress address, std::uint64_t bytes,
                           WordValue value) {
    Process& its = process(id);
    const sw::Region& region = region_at(its.regions, address);
    const WordSpan words = words_touched(address.page_offset(), bytes);
    if (is_private(region)) {
        PossiblePage& page = own_page(its, region, address).to_change();
        page.keep();
        page.store(words, value);
    } else {
        page_of_object(region, address).to_change().store(words, value);
    }
    last_stored_ = value;
}

bool ContentsOracle::find(sw::ProcessId id, VirtualAddress address, WordValue value) {
    Page* const page = page_seen(id, address);
    if (page == nullptr) {
        return value == WordValue{};
    }
    if ((*page)->certain()) {
        return (*page)->may_hold(word_at(address), value);
    }
    return page->to_change().find(word_at(address), value);
}

std::vector<WordValue> ContentsOracle::expected(sw::ProcessId id, VirtualAddress address) {
    const Page* const page = page_seen(id, address);
    return page == nullptr ? std::vector{WordValue{}} : (*page)->at(word_at(address));
}

std::vector<std::string> ContentsOracle::history(sw::ProcessId id, VirtualAddress address) const {
    std::vector<std::string> lines;
    for (const Call& call : process(id).calls.all()) {
        if (call.span.start <= address && address < call.span.end) {
            lines.push_back(call.text);
        }
    }
    return lines;
}

void ContentsOracle::add_object(sw::ObjectId id, const Object& object) {
    if (!objects_.emplace(id, object).second) {
        throw ModelError(fmt::format("contents of object {}: it is there already", id.value));
    }
}

const ContentsOracle::Object& ContentsOracle::object(sw::ObjectId id) const {
    const auto found = objects_.find(id);
    if (found == objects_.end()) {
        throw ModelError(fmt::format("contents of object {}: there is no such object", id.value));
    }
    return found->second;
}

ContentsOracle::Process& ContentsOracle::process(sw::ProcessId id) {
    return find_process(processes_, id);
}

const ContentsOracle::Process& ContentsOracle::process(sw::ProcessId id) const {
    return find_process(processes_, id);
}

void ContentsOracle::remember(sw::ProcessId id, sw::PageSpan span, const std::string& call) {
    process(id).calls.add(
        {.span = span,
         .text = fmt::format("process {}: {} {}", id.value, call, moment_after(last_stored_))});
}

// Private pages are as they were before anybody wrote them.
void ContentsOracle::clear(Process& process, sw::PageSpan span) {
    for (const std::uint64_t number : numbers_in(process.own, span)) {
        process.own.erase(number);
    }
}

PossiblePage ContentsOracle::untouched(const std::optional<File>& file, std::uint64_t number) {
    if (!file) {
        return PossiblePage({});
    }
    PageContents contents(StoragePage{.page = file->first_storage_page + number});
    const unsigned words = words_reached(file->bytes - number * page_bytes);
    if (words == words_per_page) {
        return PossiblePage(std::move(contents));
    }
    contents.clear_from(words);
    PossiblePage page(std::move(contents));
    page.may_lose_from(words);
    return page;
}

bool ContentsOracle::has_page(const sw::Region& region, VirtualAddress address) const {
    if (!region.object || !object(*region.object).file) {
        return true;
    }
    return region.object_page_at(address) * page_bytes < object(*region.object).file->bytes;
}

ContentsOracle::Page& ContentsOracle::page_of_object(const sw::Region& region,
                                                     VirtualAddress address) {
    Object& object = objects_.at(*region.object);
    const std::uint64_t number = region.object_page_at(address);
    const auto known = object.pages.find(number);
    if (known != object.pages.end()) {
        return known->second;
    }
    return object.pages.emplace(number, Page(untouched(object.file, number))).first->second;
}

ContentsOracle::Page& ContentsOracle::own_page(Process& process, const sw::Region& region,
                                               VirtualAddress address) {
    const std::uint64_t number = page_number_of(address).value;
    const auto known = process.own.find(number);
    if (known != process.own.end()) {
        return known->second;
    }
    Page copy = region.object ? page_of_object(region, address) : Page(PossiblePage({}));
    copy.to_change().keep();
    return process.own.emplace(number, std::move(copy)).first->second;
}

// Null: zeros.
ContentsOracle::Page* ContentsOracle::page_seen(sw::ProcessId id, VirtualAddress address) {
    Process& its = process(id);
    const sw::Region& region = region_at(its.regions, address);
    if (is_private(region)) {
        const auto own = its.own.find(page_number_of(address).value);
        if (own != its.own.end()) {
            return &own->second;
        }
        if (!region.object) {
            return nullptr;
        }
    }
    return &page_of_object(region, address);
}

}  // namespace mmusim::tb

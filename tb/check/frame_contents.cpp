// SPDX-License-Identifier: Apache-2.0
#include "tb/check/frame_contents.hpp"

#include <fmt/format.h>

#include <utility>

namespace mmusim::tb {

void FrameContents::store(PhysicalAddress address, std::uint64_t bytes, WordValue value) {
    const WordSpan words = words_touched(address.page_offset(), bytes);
    frames_[page_number_of(address).value].contents.to_change().set(words, value);
    last_stored_ = value;
}

WordValue FrameContents::load(PhysicalAddress address) const {
    const auto found = frames_.find(page_number_of(address).value);
    if (found == frames_.end()) {
        return {};
    }
    return found->second.contents->at(words_touched(address.page_offset(), 1).first);
}

void FrameContents::clear_frame(PhysicalPageNumber frame) {
    Kept& cleared = frames_[frame.value];
    cleared.contents = {};
    cleared.on_storage.reset();
    remember(cleared, fmt::format("frame {} cleared", frame));
}

void FrameContents::copy_frame(PhysicalPageNumber from, PhysicalPageNumber to) {
    Kept& source = frames_[from.value];
    Kept& target = frames_[to.value];
    target.contents = source.contents;
    target.on_storage = source.on_storage;
    const std::string event = fmt::format("frame {} copied to frame {}", from, to);
    remember(source, event);
    remember(target, event);
}

void FrameContents::read_from_storage(StoragePage from, PhysicalPageNumber to,
                                      std::uint64_t valid_bytes) {
    Kept& source = stored_at(from);
    Kept& target = frames_[to.value];
    target.contents = source.contents;
    target.on_storage = from;
    if (words_reached(valid_bytes) < words_per_page) {
        target.contents.to_change().clear_from(words_reached(valid_bytes));
    }
    remember(source, fmt::format("{} read to frame {}", to_text(from), to));
    remember(target, fmt::format("frame {} read from {}", to, to_text(from)));
}

void FrameContents::write_to_storage(PhysicalPageNumber from, StoragePage to) {
    Kept& source = frames_[from.value];
    Kept& target = stored_at(to);
    target.contents = source.contents;
    source.on_storage = to;
    remember(source, fmt::format("frame {} written to {}", from, to_text(to)));
    remember(target, fmt::format("{} written from frame {}", to_text(to), from));
}

std::vector<std::string> FrameContents::history(PhysicalPageNumber frame) const {
    const auto found = frames_.find(frame.value);
    if (found == frames_.end()) {
        return {};
    }
    const Kept& kept = found->second;
    std::vector<std::string> lines = kept.events.all();
    if (kept.on_storage) {
        const std::vector<std::string>& on_storage = storage_.at(*kept.on_storage).events.all();
        lines.insert(lines.end(), on_storage.begin(), on_storage.end());
    }
    return lines;
}

FrameContents::Kept& FrameContents::stored_at(StoragePage page) {
    const auto found = storage_.find(page);
    if (found != storage_.end()) {
        return found->second;
    }
    Kept untouched{.contents = CopyOnWrite(PageContents(page))};
    return storage_.emplace(page, std::move(untouched)).first->second;
}

void FrameContents::remember(Kept& kept, const std::string& event) const {
    kept.events.add(fmt::format("{} {}", event, moment_after(last_stored_)));
}

}  // namespace mmusim::tb

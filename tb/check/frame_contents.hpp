// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "hw/base/types.hpp"
#include "tb/check/copy_on_write.hpp"
#include "tb/check/page_contents.hpp"
#include "tb/check/recent.hpp"
#include "tb/check/word_value.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

namespace mmusim::tb {

/// What frames and storage hold, by what the machine does to them. A frame holds zeros at first.
/// It knows no programs: whether they find what they should is not decided here.
class FrameContents {
  public:
    /// The bytes lie in one frame.
    void store(PhysicalAddress address, std::uint64_t bytes, WordValue value);
    /// The word that holds the address.
    [[nodiscard]] WordValue load(PhysicalAddress address) const;

    void clear_frame(PhysicalPageNumber frame);
    void copy_frame(PhysicalPageNumber from, PhysicalPageNumber to);
    /// The frame takes the first `valid_bytes` of a page of storage, and zeros behind them.
    void read_from_storage(StoragePage from, PhysicalPageNumber to,
                           std::uint64_t valid_bytes = page_bytes);
    void write_to_storage(PhysicalPageNumber from, StoragePage to);

    /// What the operating system last did to a frame, and to the page of storage that its contents
    /// were last read from or written to, a line each.
    [[nodiscard]] std::vector<std::string> history(PhysicalPageNumber frame) const;

  private:
    /// Of a frame or a page of storage.
    struct Kept {
        CopyOnWrite<PageContents> contents;
        std::optional<StoragePage> on_storage{};  // of a frame: where its contents lie too
        Recent<std::string, 8> events{};
    };

    [[nodiscard]] Kept& stored_at(StoragePage page);
    void remember(Kept& kept, const std::string& event) const;

    std::unordered_map<std::uint64_t, Kept> frames_;  // by number, those that anything was done to
    std::map<StoragePage, Kept> storage_;             // those that were read or written
    WordValue last_stored_;                           // tells the moment of an event
};

}  // namespace mmusim::tb

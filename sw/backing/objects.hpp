// SPDX-License-Identifier: Apache-2.0
// What regions map besides zeros: files, which storage holds, and objects of shared memory, which
// nothing but memory and swap holds.
#pragma once

#include "hw/base/types.hpp"
#include "sw/backing/swap_area.hpp"
#include "sw/spaces/region.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace mmusim::sw {

enum class ObjectKind : std::uint8_t {
    file,           ///< disk-like: storage holds it, and shared writes are tracked
    shared_memory,  ///< tmpfs-like: no storage, no tracking
};

/// A file or an object of shared memory, and those of its pages that are in memory: its page cache.
struct Object {
    std::string name;
    ObjectKind kind = ObjectKind::file;
    std::uint64_t bytes = 0;
    /// The first of its pages on the storage device.
    std::uint64_t first_storage_page = 0;
    /// The frames that hold pages, by page of the object.
    std::map<std::uint64_t, PhysicalPageNumber> cache{};
    /// Where pages of shared memory are in the swap area.
    std::map<std::uint64_t, SwapSlot> swapped{};
    /// Pages of a file that were made to leave memory and have not come back: what Linux's shadow
    /// entries know (mm/workingset.c).
    std::set<std::uint64_t> reclaimed{};

    /// Its pages; the last may be a part of one, and is padded with zeros.
    [[nodiscard]] std::uint64_t pages() const { return (bytes + page_bytes - 1) / page_bytes; }

    [[nodiscard]] std::optional<PhysicalPageNumber> cached(std::uint64_t page) const {
        const auto found = cache.find(page);
        return found == cache.end() ? std::nullopt : std::optional(found->second);
    }
};

/// All objects, each for good.
class Objects {
  public:
    /// A file lies behind the file made before it on the storage device.
    ObjectId make_file(std::string name, std::uint64_t bytes);
    ObjectId make_shared_memory(std::string name, std::uint64_t bytes);

    [[nodiscard]] std::optional<ObjectId> find(ObjectKind kind, const std::string& name) const;

    [[nodiscard]] Object& operator[](ObjectId id) { return objects_.at(id.value); }
    [[nodiscard]] const Object& operator[](ObjectId id) const { return objects_.at(id.value); }
    /// How many bytes of a file a page of the storage device has; 0: it has none.
    [[nodiscard]] std::uint64_t bytes_at(std::uint64_t storage_page) const;

    [[nodiscard]] std::size_t size() const { return objects_.size(); }
    [[nodiscard]] auto begin() const { return objects_.begin(); }
    [[nodiscard]] auto end() const { return objects_.end(); }

  private:
    ObjectId add(Object object);

    std::vector<Object> objects_;
    std::uint64_t storage_pages_ = 0;
};

}  // namespace mmusim::sw

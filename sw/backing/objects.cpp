// SPDX-License-Identifier: Apache-2.0
#include "sw/backing/objects.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

namespace mmusim::sw {

ObjectId Objects::make_file(std::string name, std::uint64_t bytes) {
    const ObjectId id = add({.name = std::move(name),
                             .kind = ObjectKind::file,
                             .bytes = bytes,
                             .first_storage_page = storage_pages_});
    storage_pages_ += objects_.back().pages();
    return id;
}

ObjectId Objects::make_shared_memory(std::string name, std::uint64_t bytes) {
    return add({.name = std::move(name), .kind = ObjectKind::shared_memory, .bytes = bytes});
}

std::optional<ObjectId> Objects::find(ObjectKind kind, const std::string& name) const {
    const auto found = std::find_if(objects_.begin(), objects_.end(), [&](const Object& object) {
        return object.kind == kind && object.name == name;
    });
    if (found == objects_.end()) {
        return std::nullopt;
    }
    return ObjectId{static_cast<std::uint32_t>(std::distance(objects_.begin(), found))};
}

std::uint64_t Objects::bytes_at(std::uint64_t storage_page) const {
    for (const Object& object : objects_) {
        const std::uint64_t page = storage_page - object.first_storage_page;
        const bool here = storage_page >= object.first_storage_page && page < object.pages();
        if (object.kind == ObjectKind::file && here) {
            return std::min(page_bytes, object.bytes - page * page_bytes);
        }
    }
    return 0;
}

ObjectId Objects::add(Object object) {
    objects_.push_back(std::move(object));
    return {static_cast<std::uint32_t>(objects_.size() - 1)};
}

}  // namespace mmusim::sw

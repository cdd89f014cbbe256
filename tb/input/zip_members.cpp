// SPDX-License-Identifier: Apache-2.0
#include "tb/input/zip_members.hpp"

#include "hw/base/problems.hpp"
#include "tb/text/parse.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string_view>
#include <utility>

namespace mmusim::tb {

namespace {

[[nodiscard]] std::optional<std::uint64_t> chunk_number_of(std::string_view name) {
    constexpr std::string_view prefix = "chunk.";
    name.remove_prefix(name.rfind('/') + 1);
    if (!name.starts_with(prefix)) {
        return std::nullopt;
    }
    name.remove_prefix(prefix.size());
    const bool has_digits_only =
        !name.empty() && name.find_first_not_of("0123456789") == std::string_view::npos;
    return has_digits_only ? parse_unsigned(name) : std::nullopt;
}

struct Chunk {
    std::uint64_t number = 0;
    std::string name;
};

void check_numbers(const std::string& path, const std::vector<Chunk>& chunks) {
    for (std::size_t index = 0; index < chunks.size(); ++index) {
        const std::uint64_t expected = chunks.front().number + index;
        if (chunks[index].number != expected) {
            throw InputError(fmt::format("{}: found {}, expected chunk.{:04}: each chunk once",
                                         path, chunks[index].name, expected));
        }
    }
}

}  // namespace

std::vector<std::string> members_in_order(const std::string& path, std::vector<std::string> names) {
    if (names.size() == 1) {
        return names;
    }
    std::vector<Chunk> chunks;
    for (std::string& name : names) {
        const auto number = chunk_number_of(name);
        if (!number) {
            throw InputError(fmt::format(
                "{}: holds {} files, expected one, or chunk.0000, chunk.0001 …; found \"{}\"", path,
                names.size(), name));
        }
        chunks.push_back({.number = *number, .name = std::move(name)});
    }
    std::stable_sort(chunks.begin(), chunks.end(), [](const Chunk& one, const Chunk& other) {
        return one.number < other.number;
    });
    check_numbers(path, chunks);
    std::transform(chunks.begin(), chunks.end(), names.begin(),
                   [](Chunk& chunk) { return std::move(chunk.name); });
    return names;
}

}  // namespace mmusim::tb

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "hw/base/access.hpp"
#include "tb/trace/open_trace.hpp"
#include "tests/support/input_error.hpp"
#include "tests/support/scratch_directory.hpp"

#include <optional>
#include <string>
#include <vector>

namespace mmusim::tests {

[[nodiscard]] inline Access read_of(std::uint64_t address, std::uint32_t size_bytes) {
    return {.address = {address}, .size_bytes = size_bytes, .type = AccessType::read};
}

[[nodiscard]] inline Access write_of(std::uint64_t address, std::uint32_t size_bytes) {
    return {.address = {address}, .size_bytes = size_bytes, .type = AccessType::write};
}

[[nodiscard]] inline Access fetch_of(std::uint64_t address, std::uint32_t size_bytes) {
    return {.address = {address}, .size_bytes = size_bytes, .type = AccessType::fetch};
}

[[nodiscard]] inline std::vector<Access> all_of(AccessSource& source) {
    std::vector<Access> accesses;
    auto batch = source.next_batch();
    while (!batch.empty()) {
        accesses.insert(accesses.end(), batch.begin(), batch.end());
        batch = source.next_batch();
    }
    return accesses;
}

[[nodiscard]] inline std::vector<Access> accesses_of(
    const std::string& path, std::optional<tb::TraceFormat> format = std::nullopt,
    tb::UserHalf user_half = {}) {
    const auto source = tb::open_trace(path, format, user_half);
    return all_of(*source);
}

/// What the error says that reading the whole trace ends in.
[[nodiscard]] inline std::string error_of(const std::string& path,
                                          std::optional<tb::TraceFormat> format = std::nullopt,
                                          tb::UserHalf user_half = {}) {
    return input_error_of([&] { static_cast<void>(accesses_of(path, format, user_half)); });
}

/// The same for a file of these bytes, without the file's name.
[[nodiscard]] inline std::string error_in_bytes(const std::string& bytes,
                                                std::optional<tb::TraceFormat> format,
                                                tb::UserHalf user_half = {}) {
    const ScratchDirectory directory;
    const std::string path = directory.file("trace", bytes);
    const std::string error = error_of(path, format, user_half);
    return error.starts_with(path) ? error.substr(path.size()) : error;
}

}  // namespace mmusim::tests

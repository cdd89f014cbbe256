// SPDX-License-Identifier: Apache-2.0
#include "tb/sweep/checksum.hpp"

#include <fmt/format.h>

#include <array>
#include <cstddef>
#include <filesystem>
#include <fstream>
#include <system_error>

namespace mmusim::tb {

std::string file_checksum(const std::string& path) {
    std::error_code ignored;
    if (!std::filesystem::is_regular_file(path, ignored)) {
        return {};
    }
    std::ifstream file(path, std::ios::binary);
    std::array<char, 65536> block;  // NOLINT(cppcoreguidelines-pro-type-member-init): is read into
    std::uint64_t sum = empty_checksum;
    while (file.read(block.data(), block.size()) || file.gcount() > 0) {
        sum = checksum({block.data(), static_cast<std::size_t>(file.gcount())}, sum);
    }
    return file.eof() ? fmt::format("{:016x}", sum) : std::string();
}

}  // namespace mmusim::tb

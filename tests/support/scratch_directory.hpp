// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <fmt/format.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <string_view>
#include <system_error>
#include <unistd.h>

namespace mmusim::tests {

/// An empty directory of the test's own, which goes away with its contents.
class ScratchDirectory {
  public:
    ScratchDirectory() { std::filesystem::create_directories(directory_); }
    ScratchDirectory(const ScratchDirectory&) = delete;
    ScratchDirectory& operator=(const ScratchDirectory&) = delete;
    ScratchDirectory(ScratchDirectory&&) = delete;
    ScratchDirectory& operator=(ScratchDirectory&&) = delete;
    ~ScratchDirectory() {
        std::error_code ignored;
        std::filesystem::remove_all(directory_, ignored);
    }

    [[nodiscard]] const std::filesystem::path& path() const { return directory_; }

    [[nodiscard]] std::string path_of(std::string_view name) const {
        return (directory_ / name).string();
    }

    /// A file of that name with these contents; its path.
    [[nodiscard]] std::string file(std::string_view name, std::string_view contents) const {
        std::ofstream(path_of(name), std::ios::binary) << contents;
        return path_of(name);
    }

    [[nodiscard]] std::string contents_of(std::string_view name) const {
        std::ifstream file(path_of(name), std::ios::binary);
        return {std::istreambuf_iterator<char>(file), {}};
    }

    [[nodiscard]] std::size_t file_count() const {
        const std::filesystem::directory_iterator entries(directory_);
        return static_cast<std::size_t>(std::distance(begin(entries), end(entries)));
    }

  private:
    std::filesystem::path directory_ =
        std::filesystem::temp_directory_path() / fmt::format("mmusim-test-{}", ::getpid());
};

}  // namespace mmusim::tests

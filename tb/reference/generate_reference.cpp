// SPDX-License-Identifier: Apache-2.0
// generate_reference ROOT           writes the generated files of the project at ROOT
// generate_reference --check ROOT   tells which of them are not what it would write
#include "tb/reference/pages.hpp"
#include "tb/reference/wave_view.hpp"

#include <fmt/format.h>

#include <cstdio>
#include <exception>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <string_view>
#include <vector>

namespace {

constexpr int success = 0;
constexpr int failure = 1;
constexpr int usage_error = 2;

struct Page {
    std::filesystem::path path;  ///< from the root of the project
    std::string text;
};

[[nodiscard]] std::vector<Page> all_pages() {
    std::vector<Page> pages;
    pages.reserve(mmusim::tb::reference_pages.size());
    for (const mmusim::tb::ReferencePage& page : mmusim::tb::reference_pages) {
        pages.push_back({.path = page.path, .text = page.text()});
    }
    for (const mmusim::tb::WaveView& view : mmusim::tb::wave_views()) {
        pages.push_back({.path = fmt::format("waves/{}.gtkw", view.name),
                         .text = mmusim::tb::wave_view_text(view)});
    }
    return pages;
}

[[nodiscard]] std::string content_of(const std::filesystem::path& path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

[[nodiscard]] bool check_page(const Page& page, const std::filesystem::path& root) {
    const std::filesystem::path path = root / page.path;
    if (content_of(path) == page.text) {
        return true;
    }
    fmt::print(stderr, "{}: is not current; write it anew with generate_reference {}\n",
               path.string(), root.string());
    return false;
}

[[nodiscard]] bool write_page(const Page& page, const std::filesystem::path& root) {
    const std::filesystem::path path = root / page.path;
    std::ofstream file(path, std::ios::binary);
    file << page.text;
    file.close();
    if (!file) {
        fmt::print(stderr, "{}: cannot be written\n", path.string());
    }
    return !file.fail();
}

[[nodiscard]] int run(const std::vector<std::string_view>& arguments) {
    const bool checks = !arguments.empty() && arguments.front() == "--check";
    if (arguments.size() != (checks ? 2 : 1)) {
        fmt::print(stderr, "usage: generate_reference [--check] ROOT\n");
        return usage_error;
    }
    const std::filesystem::path root{arguments.back()};
    bool all_well = true;
    for (const Page& page : all_pages()) {
        all_well = (checks ? check_page(page, root) : write_page(page, root)) && all_well;
    }
    return all_well ? success : failure;
}

}  // namespace

int main(int argument_count, char* arguments[]) {
    try {
        return run({arguments + 1, arguments + argument_count});
    } catch (const std::exception& error) {
        static_cast<void>(std::fputs(error.what(), stderr));
        static_cast<void>(std::fputc('\n', stderr));
        return failure;
    }
}

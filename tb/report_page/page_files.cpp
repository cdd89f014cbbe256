// SPDX-License-Identifier: Apache-2.0
#include "tb/report_page/page_files.hpp"

#include "hw/base/problems.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace mmusim::tb {

std::string_view page_file(std::string_view name) {
    const std::span<const PageFile> files = page_files();
    const auto found = std::find_if(files.begin(), files.end(),
                                    [name](const PageFile& file) { return file.name == name; });
    if (found == files.end()) {
        throw ModelError(fmt::format("{}: no such file of the page", name));
    }
    return found->text;
}

}  // namespace mmusim::tb

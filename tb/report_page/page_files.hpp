// SPDX-License-Identifier: Apache-2.0
// The files that the page is made with. Each lies in a folder beside this one and is built into the
// program.
#pragma once

#include <span>
#include <string_view>

namespace mmusim::tb {

struct PageFile {
    std::string_view name;  ///< below the folder: "page.css", "charts/miss_curves.json"
    std::string_view text;
};

/// All of them, in alphabetical order.
[[nodiscard]] std::span<const PageFile> page_files();

/// Where that folder was when the program was built.
[[nodiscard]] std::string_view page_folder();

/// Throws ModelError where there is none of that name.
[[nodiscard]] std::string_view page_file(std::string_view name);

}  // namespace mmusim::tb

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace mmusim::tb {

/// A name for a script, made of a path's last part: letters, digits, `_`, `-` and `.`, and no
/// digit at its beginning.
[[nodiscard]] std::string script_name_of(std::string_view path);

/// The files that programs map, and what a script calls them.
class RecordedFiles {
  public:
    /// The name of the file at this path, the same each time. It is as large as the largest that
    /// is told of it.
    [[nodiscard]] std::string name_of(const std::string& path, std::uint64_t bytes);

    /// A line `file` for each, in the order in which they were met.
    [[nodiscard]] std::string lines() const;

  private:
    struct File {
        std::string path;
        std::string name;
        std::uint64_t bytes = 0;
    };

    [[nodiscard]] std::string new_name(const std::string& path);

    std::vector<File> files_;
    std::map<std::string, std::size_t> index_;  ///< by path
    std::set<std::string> names_;
};

/// A text on one line: what would end it is a blank.
[[nodiscard]] std::string on_one_line(std::string_view text);

}  // namespace mmusim::tb

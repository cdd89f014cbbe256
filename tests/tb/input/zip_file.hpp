// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <archive.h>
#include <archive_entry.h>
#include <catch2/catch.hpp>

#include <string>
#include <utility>
#include <vector>

namespace mmusim::tests {

using ZipMembers = std::vector<std::pair<std::string, std::string>>;

/// Makes a zip archive of members with these names and contents, deflated, in this order.
inline void write_zip(const std::string& path, const ZipMembers& members) {
    archive* const writer = archive_write_new();
    REQUIRE(archive_write_set_format_zip(writer) == ARCHIVE_OK);
    REQUIRE(archive_write_open_filename(writer, path.c_str()) == ARCHIVE_OK);
    for (const auto& [name, contents] : members) {
        archive_entry* const entry = archive_entry_new();
        archive_entry_set_pathname(entry, name.c_str());
        archive_entry_set_filetype(entry, name.back() == '/' ? AE_IFDIR : AE_IFREG);
        archive_entry_set_perm(entry, 0644);
        archive_entry_set_size(entry, static_cast<la_int64_t>(contents.size()));
        REQUIRE(archive_write_header(writer, entry) == ARCHIVE_OK);
        archive_entry_free(entry);
        REQUIRE(archive_write_data(writer, contents.data(), contents.size()) ==
                static_cast<la_ssize_t>(contents.size()));
    }
    REQUIRE(archive_write_close(writer) == ARCHIVE_OK);
    archive_write_free(writer);
}

}  // namespace mmusim::tests

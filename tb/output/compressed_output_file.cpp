// SPDX-License-Identifier: Apache-2.0
#include "tb/output/compressed_output_file.hpp"

#include "hw/base/problems.hpp"

#include <archive.h>
#include <archive_entry.h>
#include <fmt/format.h>

#include <array>
#include <cerrno>
#include <new>
#include <utility>

namespace mmusim::tb {

namespace {

struct Compression {
    std::string_view suffix;
    int filter = ARCHIVE_FILTER_NONE;
};

constexpr std::array<Compression, 5> compressions{
    {{.suffix = ".xz", .filter = ARCHIVE_FILTER_XZ},
     {.suffix = ".zst", .filter = ARCHIVE_FILTER_ZSTD},
     {.suffix = ".gz", .filter = ARCHIVE_FILTER_GZIP},
     {.suffix = ".bz2", .filter = ARCHIVE_FILTER_BZIP2},
     {.suffix = ".lz4", .filter = ARCHIVE_FILTER_LZ4}}};

[[nodiscard]] int filter_for(std::string_view path) {
    for (const Compression& compression : compressions) {
        if (path.ends_with(compression.suffix)) {
            return compression.filter;
        }
    }
    return ARCHIVE_FILTER_NONE;
}

// An exception must not pass through the library, which is C; the sentence that it carries is kept
// as the library's own error.
la_ssize_t write_to_file(archive* writer, void* file, const void* bytes, std::size_t count) {
    try {
        static_cast<OutputFile*>(file)->write({static_cast<const char*>(bytes), count});
        return static_cast<la_ssize_t>(count);
    } catch (const InputError& error) {
        // NOLINTNEXTLINE(cppcoreguidelines-pro-type-vararg): the library has no other way
        archive_set_error(writer, EIO, "%s", error.what());
        return ARCHIVE_FATAL;
    }
}

// The raw format holds one entry, of which nothing but the contents is written.
[[nodiscard]] int write_header(archive* writer) {
    archive_entry* const entry = archive_entry_new();
    archive_entry_set_filetype(entry, AE_IFREG);
    const int status = archive_write_header(writer, entry);
    archive_entry_free(entry);
    return status;
}

}  // namespace

CompressedOutputFile::CompressedOutputFile(std::string path)
    : file_(std::move(path)), writer_(archive_write_new()) {
    archive* const writer = writer_.get();
    if (writer == nullptr) {
        throw std::bad_alloc();
    }
    check(archive_write_set_format_raw(writer));
    check(archive_write_add_filter(writer, filter_for(file_.path())));
    if (archive_filter_code(writer, 0) == ARCHIVE_FILTER_GZIP) {
        check(archive_write_set_filter_option(writer, "gzip", "timestamp", nullptr));
    }
    check(archive_write_set_bytes_per_block(writer, 0));
    check(archive_write_open(writer, &file_, nullptr, write_to_file, nullptr));
    check(write_header(writer));
}

void CompressedOutputFile::write(std::string_view bytes) {
    const la_ssize_t written = archive_write_data(writer_.get(), bytes.data(), bytes.size());
    if (written < 0) {
        check(ARCHIVE_FATAL);
    }
}

void CompressedOutputFile::commit() {
    check(archive_write_close(writer_.get()));
    file_.commit();
}

void CompressedOutputFile::check(int status) {
    if (status == ARCHIVE_OK) {
        return;
    }
    const char* const reason = archive_error_string(writer_.get());
    throw InputError(reason == nullptr ? fmt::format("{}: cannot be compressed", file_.path())
                                       : std::string(reason));
}

void CompressedOutputFile::Close::operator()(archive* writer) const {
    archive_write_free(writer);
}

}  // namespace mmusim::tb

// SPDX-License-Identifier: Apache-2.0
#include "tb/input/byte_stream.hpp"

#include "hw/base/problems.hpp"
#include "tb/input/zip_members.hpp"

#include <archive.h>
#include <archive_entry.h>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <new>
#include <system_error>
#include <utility>

namespace mmusim::tb {

namespace {

constexpr std::size_t block_bytes = std::size_t{256} << 10U;

// By name: archive_read_support_filter_all() would also try lzma, which has no magic number and
// takes some plain traces for its own.
constexpr std::array<int (*)(archive*), 5> enable_filters{
    archive_read_support_filter_xz, archive_read_support_filter_zstd,
    archive_read_support_filter_gzip, archive_read_support_filter_bzip2,
    archive_read_support_filter_lz4};

[[nodiscard]] std::string member_name(archive_entry* entry) {
    const char* const name = archive_entry_pathname(entry);
    return name == nullptr ? "" : name;
}

[[noreturn]] void fail_to_read(const std::string& path, std::string_view what) {
    throw InputError(fmt::format("{}: {}, expected a readable file", path, what));
}

}  // namespace

ByteStream::ByteStream(std::string path) : path_(std::move(path)), buffer_(guard_bytes) {
    std::error_code ignored;
    if (std::filesystem::is_directory(path_, ignored)) {
        fail_to_read(path_, "is a directory");
    }
    open();
}

void ByteStream::open() {
    start_reader();
    const bool has_contents = read_header();
    // A file whose compressed data are broken from the start looks empty, with an error noted.
    if (!has_contents && archive_errno(reader_.get()) != 0) {
        fail();
    }
    if (!has_contents) {
        fail_to_read(path_, "is empty");
    }
    if (archive_format(reader_.get()) == ARCHIVE_FORMAT_ZIP) {
        find_members();
    }
}

void ByteStream::start_reader() {
    reader_.reset(archive_read_new());
    archive* const reader = reader_.get();
    if (reader == nullptr) {
        throw std::bad_alloc();
    }
    for (const auto enable : enable_filters) {
        if (enable(reader) != ARCHIVE_OK) {
            fail();
        }
    }
    archive_read_support_format_raw(reader);
    archive_read_support_format_empty(reader);
    archive_read_support_format_zip(reader);
    if (archive_read_open_filename(reader, path_.c_str(), block_bytes) != ARCHIVE_OK) {
        fail();
    }
}

// False at the end of the archive.
bool ByteStream::read_header() {
    const int status = archive_read_next_header(reader_.get(), &entry_);
    // A name in letters that this place does not have is only warned of.
    if (status != ARCHIVE_EOF && status < ARCHIVE_WARN) {
        fail();
    }
    return status != ARCHIVE_EOF;
}

void ByteStream::find_members() {
    std::error_code ignored;
    if (!std::filesystem::is_regular_file(path_, ignored)) {
        fail_to_read(path_, "is a zip archive but no regular file");
    }
    std::vector<std::string> names;
    do {
        if (archive_entry_filetype(entry_) != AE_IFDIR) {
            names.push_back(member_name(entry_));
        }
    } while (read_header());
    if (names.empty()) {
        fail_to_read(path_, "is a zip archive without any file");
    }
    members_ = members_in_order(path_, std::move(names));
    start_reader();
    go_to_next_member();
}

// They mostly lie in the order in which they are read. Otherwise the search begins again.
void ByteStream::go_to_next_member() {
    const std::string& name = members_[next_member_];
    ++next_member_;
    for (bool again = false;; again = true) {
        while (read_header()) {
            if (member_name(entry_) == name) {
                return;
            }
        }
        if (again) {
            fail_to_read(path_, "changes while it is read");
        }
        start_reader();
    }
}

bool ByteStream::read_more() {
    const void* block = nullptr;
    std::size_t size = 0;
    la_int64_t offset = 0;
    while (size == 0) {
        const int status = archive_read_data_block(reader_.get(), &block, &size, &offset);
        if (status == ARCHIVE_EOF) {
            if (next_member_ >= members_.size()) {
                return false;
            }
            go_to_next_member();
        } else if (status != ARCHIVE_OK) {
            fail();
        }
    }
    append({static_cast<const char*>(block), size});
    return true;
}

void ByteStream::append(std::string_view block) {
    const std::string_view kept = window();
    std::memmove(buffer_.data(), kept.data(), kept.size());
    window_offset_ += begin_;
    begin_ = 0;
    end_ = kept.size() + block.size();
    if (buffer_.size() < end_ + guard_bytes) {
        buffer_.resize(end_ + guard_bytes);
    }
    std::memcpy(buffer_.data() + end_ - block.size(), block.data(), block.size());
    std::memset(buffer_.data() + end_, 0, guard_bytes);
}

void ByteStream::fail() const {
    // EILSEQ is how the library names bytes that are not as the format wants them.
    const int system_error = archive_errno(reader_.get());
    if (system_error > 0 && system_error != EILSEQ) {
        fail_to_read(path_, std::generic_category().message(system_error));
    }
    const char* const reason = archive_error_string(reader_.get());
    throw InputError(
        fmt::format("{}: compressed data damaged or cut off ({}), expected a whole file", path_,
                    reason == nullptr ? "the decompressor gave up" : reason));
}

void ByteStream::Close::operator()(archive* reader) const {
    archive_read_free(reader);
}

}  // namespace mmusim::tb

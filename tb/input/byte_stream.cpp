// SPDX-License-Identifier: Apache-2.0
#include "tb/input/byte_stream.hpp"

#include "hw/base/problems.hpp"

#include <archive.h>
#include <fmt/format.h>

#include <algorithm>
#include <array>
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

[[noreturn]] void fail_to_read(const std::string& path, std::string_view what) {
    throw InputError(fmt::format("{}: {}, expected a readable file", path, what));
}

}  // namespace

ByteStream::ByteStream(std::string path)
    : path_(std::move(path)), reader_(archive_read_new()), buffer_(guard_bytes) {
    if (reader_ == nullptr) {
        throw std::bad_alloc();
    }
    std::error_code ignored;
    if (std::filesystem::is_directory(path_, ignored)) {
        fail_to_read(path_, "is a directory");
    }
    open();
}

void ByteStream::open() {
    archive* const reader = reader_.get();
    for (const auto enable : enable_filters) {
        if (enable(reader) != ARCHIVE_OK) {
            fail();
        }
    }
    archive_read_support_format_raw(reader);
    archive_read_support_format_empty(reader);
    if (archive_read_open_filename(reader, path_.c_str(), block_bytes) != ARCHIVE_OK) {
        fail();
    }
    archive_entry* entry = nullptr;
    const int status = archive_read_next_header(reader, &entry);
    // A file whose compressed data are broken from the start looks empty, with an error noted.
    if (status == ARCHIVE_EOF && archive_errno(reader) == 0) {
        fail_to_read(path_, "is empty");
    }
    if (status != ARCHIVE_OK) {
        fail();
    }
}

bool ByteStream::read_more() {
    const void* block = nullptr;
    std::size_t size = 0;
    la_int64_t offset = 0;
    while (size == 0) {
        const int status = archive_read_data_block(reader_.get(), &block, &size, &offset);
        if (status == ARCHIVE_EOF) {
            return false;
        }
        if (status != ARCHIVE_OK) {
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
    const int system_error = archive_errno(reader_.get());
    if (system_error > 0) {
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

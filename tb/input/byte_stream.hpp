// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

struct archive;
struct archive_entry;

namespace mmusim::tb {

/// The bytes of a file, which may be compressed by xz, zstd, gzip, bzip2 or lz4, or be a zip
/// archive of one file or of chunk.0000, chunk.0001 … of one, which are read in the order of their
/// numbers. A window shows what was read and not yet consumed. A file that is missing, empty,
/// damaged or cut off within its compressed data is an InputError.
class ByteStream {
  public:
    explicit ByteStream(std::string path);

    [[nodiscard]] const std::string& path() const { return path_; }

    /// What was read and not yet consumed. `guard_bytes` zeros follow it in memory. Valid until
    /// the next read_more().
    [[nodiscard]] std::string_view window() const {
        return {buffer_.data() + begin_, end_ - begin_};
    }

    /// The first `count` bytes of the window are done with.
    void consume(std::size_t count) { begin_ += count; }

    /// Lengthens the window by at least one byte; false at the end of the file.
    [[nodiscard]] bool read_more();

    /// How many bytes, decompressed, were consumed.
    [[nodiscard]] std::uint64_t consumed_bytes() const { return window_offset_ + begin_; }

    static constexpr std::size_t guard_bytes = 64;

  private:
    struct Close {
        void operator()(archive* reader) const;
    };

    void open();
    void start_reader();
    [[nodiscard]] bool read_header();
    void find_members();
    void go_to_next_member();
    [[noreturn]] void fail() const;
    void append(std::string_view block);

    std::string path_;
    std::unique_ptr<archive, Close> reader_;
    archive_entry* entry_ = nullptr;
    /// The names of a zip archive's members, in the order in which they are read.
    std::vector<std::string> members_;
    std::size_t next_member_ = 0;
    std::vector<char> buffer_;
    std::size_t begin_ = 0;
    std::size_t end_ = 0;
    /// Where in the decompressed file buffer_ begins.
    std::uint64_t window_offset_ = 0;
};

}  // namespace mmusim::tb

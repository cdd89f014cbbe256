// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <fstream>
#include <ostream>
#include <string>
#include <string_view>

namespace mmusim::tb {

/// A file that appears under its name only when complete: it is written beside it and renamed by
/// commit(). What is not a regular file (/dev/stdout, a pipe) is written directly. A file that
/// cannot be created or written is an InputError.
class OutputFile {
  public:
    explicit OutputFile(std::string path);
    OutputFile(const OutputFile&) = delete;
    OutputFile& operator=(const OutputFile&) = delete;
    OutputFile(OutputFile&&) = delete;
    OutputFile& operator=(OutputFile&&) = delete;

    /// Without commit() nothing remains.
    ~OutputFile();

    /// For formatted output; what fails here is found by commit().
    [[nodiscard]] std::ostream& stream() { return *stream_; }

    void write(std::string_view bytes);

    /// Everything is written: the file takes its name.
    void commit();

    [[nodiscard]] const std::string& path() const { return path_; }

    /// Whether what is written is seen at once: what is not a regular file has no other way.
    [[nodiscard]] bool writes_directly() const { return temporary_.empty(); }

  private:
    void open();
    void remove_temporary() noexcept;
    [[noreturn]] void fail(int error);

    std::string path_;
    std::filesystem::path target_;
    /// Empty when the target is written directly.
    std::filesystem::path temporary_;
    std::ofstream file_;
    /// file_ or, for /dev/stdout, the program's own standard output.
    std::ostream* stream_;
};

}  // namespace mmusim::tb

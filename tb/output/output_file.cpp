// SPDX-License-Identifier: Apache-2.0
#include "tb/output/output_file.hpp"

#include "hw/base/problems.hpp"

#include <fmt/format.h>

#include <cerrno>
#include <iostream>
#include <system_error>
#include <unistd.h>
#include <utility>

namespace mmusim::tb {

namespace {

namespace fs = std::filesystem;

// What lies there is a device or stands for an open file, whatever it is connected to: renaming a
// file over it would replace the device.
[[nodiscard]] bool is_device_name(const fs::path& path) {
    std::error_code ignored;
    const std::string name = fs::absolute(path, ignored).lexically_normal().string();
    return name.starts_with("/dev/") || name.starts_with("/proc/");
}

[[nodiscard]] bool is_written_directly(const fs::path& path) {
    std::error_code ignored;
    const fs::file_status status = fs::status(path, ignored);
    return is_device_name(path) || (fs::exists(status) && !fs::is_regular_file(status));
}

// A symbolic link stays one: the file that it names is replaced.
[[nodiscard]] fs::path without_symbolic_link(const fs::path& path) {
    std::error_code error;
    if (!fs::is_symlink(path, error)) {
        return path;
    }
    fs::path resolved = fs::weakly_canonical(path, error);
    return error ? path : resolved;
}

[[nodiscard]] fs::path temporary_beside(const fs::path& target) {
    const std::string name = fmt::format(".{}.{}.tmp", target.filename().string(), ::getpid());
    return target.parent_path() / name;
}

}  // namespace

OutputFile::OutputFile(std::string path) : path_(std::move(path)), target_(path_), stream_(&file_) {
    errno = 0;
    if (path_ == "/dev/stdout") {
        stream_ = &std::cout;
        return;
    }
    if (!is_written_directly(target_)) {
        target_ = without_symbolic_link(target_);
        // The rename would not ask whether an existing file is protected.
        std::error_code ignored;
        if (fs::exists(target_, ignored) && ::access(target_.c_str(), W_OK) != 0) {
            fail(errno);
        }
        temporary_ = temporary_beside(target_);
    }
    open();
}

OutputFile::~OutputFile() {
    file_.close();
    remove_temporary();
}

void OutputFile::open() {
    file_.open(temporary_.empty() ? target_ : temporary_, std::ios::binary | std::ios::trunc);
    if (!file_) {
        const int error = errno;
        temporary_.clear();
        fail(error);
    }
}

void OutputFile::write(std::string_view bytes) {
    errno = 0;
    stream_->write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
    if (!*stream_) {
        fail(errno);
    }
}

void OutputFile::commit() {
    errno = 0;
    stream_->flush();
    if (!*stream_) {
        fail(errno);
    }
    if (stream_ != &file_) {
        return;
    }
    file_.close();
    if (!file_) {
        fail(errno);
    }
    if (temporary_.empty()) {
        return;
    }
    std::error_code error;
    fs::rename(temporary_, target_, error);
    if (error) {
        fail(error.value());
    }
    temporary_.clear();
}

void OutputFile::remove_temporary() noexcept {
    if (!temporary_.empty()) {
        std::error_code ignored;
        fs::remove(temporary_, ignored);
    }
}

void OutputFile::fail(int error) {
    const std::string reason =
        error == 0 ? "not all was written" : std::generic_category().message(error);
    throw InputError(fmt::format("{}: {}, expected a file that can be written", path_, reason));
}

}  // namespace mmusim::tb

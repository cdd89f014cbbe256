// SPDX-License-Identifier: Apache-2.0
#include "tests/kernel/host_file.hpp"

#include "hw/base/types.hpp"
#include "tests/kernel/counted_calls.hpp"
#include "tests/kernel/machine_refusal.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstddef>
#include <cstdlib>
#include <fcntl.h>
#include <optional>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/vfs.h>
#include <thread>
#include <unistd.h>
#include <utility>
#include <vector>

namespace mmusim::tests {

namespace {

[[noreturn]] void fail(const char* what) {
    throw MachineRefusal(fmt::format("a temporary file cannot be {}", what));
}

/// A file that goes away when it is closed.
[[nodiscard]] int unnamed_file_in(const std::string& directory) {
    std::string name = directory + "/mmusim-kernel-XXXXXX";
    const int descriptor = ::mkostemp(name.data(), O_CLOEXEC);
    if (descriptor >= 0) {
        ::unlink(name.c_str());
    }
    return descriptor;
}

[[nodiscard]] std::vector<std::string> directories() {
    std::vector<std::string> names;
    if (const char* const chosen = std::getenv("TMPDIR"); chosen != nullptr) {
        names.emplace_back(chosen);
    }
    names.insert(names.end(), {"/var/tmp", "/tmp", "."});
    return names;
}

}  // namespace

std::optional<HostFile> HostFile::on_disk() {
    for (const std::string& directory : directories()) {
        HostFile file(unnamed_file_in(directory));
        if (file.descriptor_ >= 0 && file.lies_on_disk()) {
            return file;
        }
    }
    return std::nullopt;
}

HostFile HostFile::in_memory(const std::string& name, std::uint64_t bytes) {
    HostFile file(::memfd_create(name.c_str(), MFD_CLOEXEC));
    if (file.descriptor_ < 0 || ::ftruncate(file.descriptor_, static_cast<off_t>(bytes)) != 0) {
        fail("made in memory");
    }
    file.bytes_ = bytes;
    return file;
}

HostFile::HostFile(HostFile&& other) noexcept
    : descriptor_(std::exchange(other.descriptor_, -1)), bytes_(other.bytes_) {}

HostFile::~HostFile() {
    if (descriptor_ >= 0) {
        ::close(descriptor_);
    }
}

std::uint64_t HostFile::pages() const {
    return (bytes_ + page_bytes - 1) / page_bytes;
}

bool HostFile::lies_on_disk() const {
    constexpr std::array<unsigned, 5> disk_file_systems{
        0x0000ef53,   // ext2, ext3, ext4
        0x58465342,   // xfs
        0x9123683e,   // btrfs
        0xf2f52010,   // f2fs
        0x794c7630};  // overlayfs: what containers lay over one of these
    struct statfs facts {};
    ::fstatfs(descriptor_, &facts);
    return std::find(disk_file_systems.begin(), disk_file_systems.end(),
                     static_cast<unsigned>(facts.f_type)) != disk_file_systems.end();
}

std::string HostFile::device_settings() const {
    struct stat status {};
    ::fstat(descriptor_, &status);
    return fmt::format("/sys/dev/block/{}:{}", major(status.st_dev), minor(status.st_dev));
}

// Page by page: what is written or read in one piece may become one large folio, which is mapped
// by fewer faults.
void HostFile::fill(std::uint64_t bytes) {
    bytes_ = bytes;
    std::array<std::uint8_t, page_bytes> page{};
    page.fill(return_instruction);
    for (std::uint64_t offset = 0; offset < bytes; offset += page_bytes) {
        const std::uint64_t size = std::min(page_bytes, bytes - offset);
        if (::pwrite(descriptor_, page.data(), size, static_cast<off_t>(offset)) !=
            static_cast<ssize_t>(size)) {
            fail("written");
        }
    }
    sync();
}

void HostFile::sync() const {
    if (::fsync(descriptor_) != 0) {
        fail("written to disk");
    }
}

void HostFile::drop() const {
    sync();
    ::posix_fadvise(descriptor_, 0, 0, POSIX_FADV_DONTNEED);
}

void HostFile::warm() const {
    ::posix_fadvise(descriptor_, 0, 0, POSIX_FADV_RANDOM);
    std::array<std::uint8_t, page_bytes> page{};
    for (std::uint64_t offset = 0; offset < bytes_; offset += page_bytes) {
        if (::pread(descriptor_, page.data(), page.size(), static_cast<off_t>(offset)) <= 0) {
            fail("read");
        }
    }
    ::posix_fadvise(descriptor_, 0, 0, POSIX_FADV_NORMAL);
}

void HostFile::wait_for(std::uint64_t first_page, std::uint64_t pages) const {
    constexpr int most_looks = 2000;
    for (int look = 0; look < most_looks; ++look) {
        if (pages_in_memory(first_page, pages) == pages) {
            return;
        }
        std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
    fail("read into memory");
}

std::uint64_t HostFile::pages_in_memory(std::uint64_t first_page, std::uint64_t pages) const {
    if (pages == 0) {
        return 0;
    }
    void* const mapping = ::mmap(nullptr, pages * page_bytes, PROT_READ, MAP_SHARED, descriptor_,
                                 static_cast<off_t>(first_page * page_bytes));
    if (mapping == MAP_FAILED) {
        fail("mapped");
    }
    std::vector<unsigned char> present(pages);
    ::mincore(mapping, pages * page_bytes, present.data());
    ::munmap(mapping, pages * page_bytes);
    return static_cast<std::uint64_t>(std::count_if(
        present.begin(), present.end(), [](unsigned char page) { return (page & 1U) != 0; }));
}

}  // namespace mmusim::tests

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace mmusim::tests {

/// An open file without a name, filled with instructions that return. Throws MachineRefusal if the
/// file system does not do what it is asked for.
class HostFile {
  public:
    /// An empty file in a directory where files lie on a disk, if there is one: $TMPDIR, /var/tmp,
    /// /tmp or the current one.
    [[nodiscard]] static std::optional<HostFile> on_disk();
    /// Memory that processes share, zeros (tmpfs).
    [[nodiscard]] static HostFile in_memory(const std::string& name, std::uint64_t bytes);

    HostFile(const HostFile&) = delete;
    HostFile& operator=(const HostFile&) = delete;
    HostFile(HostFile&& other) noexcept;
    HostFile& operator=(HostFile&&) = delete;
    ~HostFile();

    [[nodiscard]] int descriptor() const { return descriptor_; }
    [[nodiscard]] std::uint64_t pages() const;
    /// The folder of /sys with the settings of the device that it lies on.
    [[nodiscard]] std::string device_settings() const;

    /// Writes its contents, to the disk too. All of it is in memory then.
    void fill(std::uint64_t bytes);
    /// Writes back what is dirty.
    void sync() const;
    /// Writes back, and forgets the pages that nobody maps.
    void drop() const;
    /// Reads all of it.
    void warm() const;
    /// Until pages that were asked for are there; not for ever.
    void wait_for(std::uint64_t first_page, std::uint64_t pages) const;

    /// How many pages from `first_page` on are in memory.
    [[nodiscard]] std::uint64_t pages_in_memory(std::uint64_t first_page,
                                                std::uint64_t pages) const;

  private:
    explicit HostFile(int descriptor) : descriptor_(descriptor) {}

    /// Whether its file system is of a kind that reads pages from storage and is told of the first
    /// write to each.
    [[nodiscard]] bool lies_on_disk() const;

    int descriptor_ = -1;
    std::uint64_t bytes_ = 0;
};

}  // namespace mmusim::tests

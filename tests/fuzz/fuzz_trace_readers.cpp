// SPDX-License-Identifier: Apache-2.0
// The readers of all trace formats take or refuse any file; what one takes is the same again when
// it is written in the project's own format and as lackey text. The first byte says which format is
// asked for, or that it is to be detected.
#include "hw/base/problems.hpp"
#include "tb/trace/binary_trace.hpp"
#include "tb/trace/open_trace.hpp"
#include "tb/trace/text_trace_writer.hpp"

#include <fmt/format.h>

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <optional>
#include <string>
#include <sys/mman.h>
#include <unistd.h>
#include <vector>

namespace {

using mmusim::Access;
using mmusim::tb::TraceFormat;

/// A file that lies in memory only.
class MemoryFile {
  public:
    MemoryFile() : descriptor_(::memfd_create("trace", 0)) {
        if (descriptor_ < 0) {
            std::abort();
        }
    }
    MemoryFile(const MemoryFile&) = delete;
    MemoryFile& operator=(const MemoryFile&) = delete;
    MemoryFile(MemoryFile&&) = delete;
    MemoryFile& operator=(MemoryFile&&) = delete;
    ~MemoryFile() { ::close(descriptor_); }

    void write(const std::uint8_t* bytes, std::size_t size) const {
        if (::write(descriptor_, bytes, size) != static_cast<ssize_t>(size)) {
            std::abort();
        }
    }

    [[nodiscard]] std::string path() const { return fmt::format("/proc/self/fd/{}", descriptor_); }

  private:
    int descriptor_;
};

/// What a few compressed bytes hold may be far more than this.
constexpr std::size_t most_accesses = 1'000'000;

/// Nothing if the file is refused, or too long for a fuzzer.
std::optional<std::vector<Access>> accesses_in(const MemoryFile& file,
                                               std::optional<TraceFormat> format) {
    try {
        std::vector<Access> accesses;
        const auto source = mmusim::tb::open_trace(file.path(), format, {});
        auto batch = source->next_batch();
        while (!batch.empty() && accesses.size() <= most_accesses) {
            accesses.insert(accesses.end(), batch.begin(), batch.end());
            batch = source->next_batch();
        }
        return accesses.size() <= most_accesses ? std::optional(accesses) : std::nullopt;
    } catch (const mmusim::InputError&) {
        return std::nullopt;
    }
}

template <typename Writer>
void check_written_by(TraceFormat format, const std::vector<Access>& accesses) {
    const MemoryFile file;
    Writer writer(file.path());
    for (const Access& access : accesses) {
        writer.write(access);
    }
    writer.finish();
    if (accesses_in(file, format) != accesses) {
        std::fputs(fmt::format("not the same again as {}\n", format).c_str(), stderr);
        std::abort();
    }
}

std::optional<TraceFormat> format_chosen_by(std::uint8_t byte) {
    const std::size_t choice = byte % (mmusim::enumerator_count<TraceFormat> + 1);
    return choice == 0 ? std::nullopt : std::optional(static_cast<TraceFormat>(choice - 1));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
    if (size == 0) {
        return 0;
    }
    const MemoryFile file;
    file.write(bytes + 1, size - 1);
    const auto accesses = accesses_in(file, format_chosen_by(bytes[0]));
    if (accesses) {
        check_written_by<mmusim::tb::BinaryTraceWriter>(TraceFormat::binary, *accesses);
        check_written_by<mmusim::tb::LackeyWriter>(TraceFormat::lackey, *accesses);
    }
    return 0;
}

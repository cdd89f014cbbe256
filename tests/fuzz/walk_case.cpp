// SPDX-License-Identifier: Apache-2.0
#include "tests/fuzz/walk_case.hpp"

#include "hw/memory/physical_memory.hpp"
#include "hw/walker/plain_walk.hpp"
#include "tb/check/naive_request.hpp"

#include <fmt/format.h>

#include <optional>

namespace mmusim::tests {

namespace {

constexpr std::uint64_t base = 0x8000'0000;
constexpr std::uint64_t frames = 16;
constexpr std::uint64_t memory_end = base + frames * page_bytes;

/// Takes numbers from the front.
class Numbers {
  public:
    explicit Numbers(std::span<const std::uint8_t> bytes) : bytes_(bytes) {}

    [[nodiscard]] std::uint64_t next(unsigned count) {
        std::uint64_t value = 0;
        for (unsigned byte = 0; byte < count && !bytes_.empty(); ++byte) {
            value |= std::uint64_t{bytes_.front()} << 8 * byte;
            bytes_ = bytes_.subspan(1);
        }
        return value;
    }

    [[nodiscard]] bool next_flag() { return next(1) % 2 == 1; }

  private:
    std::span<const std::uint8_t> bytes_;
};

// A frame of memory, or the one behind its end.
std::uint64_t frame_of(std::uint64_t number) {
    return base / page_bytes + number % (frames + 1);
}

// An entry of a kind that chance alone would seldom make: the more levels there are, the seldomer.
std::uint64_t entry_of(Numbers& numbers, unsigned bits_inside) {
    constexpr std::uint64_t flags_mask = 0x3ff;
    constexpr std::uint64_t top_mask = ~std::uint64_t{0} << 54U;
    constexpr std::uint64_t napot_64_kib = 1ULL << 63U | 8U << 10U;
    const std::uint64_t raw = numbers.next(8);
    const std::uint64_t kind = numbers.next(1);
    const std::uint64_t frame = frame_of(kind / 8) << 10U;
    const std::uint64_t aligned = raw >> bits_inside << bits_inside & ~top_mask & ~flags_mask;
    switch (kind % 8) {
        case 1: return frame | 0x01U;                         // a pointer into memory
        case 2: return frame | (raw & flags_mask) | 0x01U;    // any flags
        case 3: return frame | (raw & top_mask) | 0x01U;      // a pointer with any top bits
        case 4: return aligned | 0xdfU;                       // a leaf that is right
        case 5: return aligned | (raw & flags_mask) | 0x01U;  // an aligned leaf, any flags
        case 6: return aligned | (raw & top_mask) | 0xdfU;    // and with any top bits
        case 7: return (aligned & ~0x3fffULL) | napot_64_kib | 0xdfU;  // a page of 64 KiB
        default: return raw;
    }
}

hw::TranslationRequest request_of(Numbers& numbers, const hw::PagingFormat& format) {
    hw::TranslationRequest request;
    hw::TranslationContext& context = request.context;
    request.type = static_cast<AccessType>(numbers.next(1) % enumerator_count<AccessType>);
    context.privilege = numbers.next_flag() ? Privilege::supervisor : Privilege::user;
    context.supervisor_user_memory = numbers.next_flag();
    context.make_executable_readable = numbers.next_flag();
    context.hardware_ad_update = numbers.next_flag();
    context.page_based_memory_types = numbers.next_flag();
    context.root = {frame_of(numbers.next(1))};
    request.address = {numbers.next(8)};
    if (numbers.next_flag()) {
        const unsigned unused = 64 - format.virtual_address_bits;
        request.address.value =
            format.sign_extended
                ? static_cast<std::uint64_t>(
                      static_cast<std::int64_t>(request.address.value << unused) >> unused)
                : request.address.value & 0xffff'ffff;
    }
    return request;
}

/// How the access ended, as text that two judges write alike.
std::string story(const std::string& outcome, const std::vector<std::uint64_t>& reads,
                  std::optional<std::uint64_t> written) {
    std::string text = outcome;
    for (const std::uint64_t address : reads) {
        text += fmt::format(", reads {:x}", address);
    }
    return written ? text + fmt::format(", writes {:x}", *written) : text;
}

std::string naive_story(const WalkCase& walk_case) {
    const tb::NaiveAnswer answer = tb::translate_naively(
        tb::naive_request_of(walk_case.request, walk_case.paging),
        [&](std::uint64_t address, unsigned /*bytes*/) -> std::optional<std::uint64_t> {
            if (address < base || address >= memory_end) {
                return std::nullopt;
            }
            const auto found = walk_case.entries.find(address);
            return found == walk_case.entries.end() ? 0 : found->second;
        });
    std::vector<std::uint64_t> reads;
    for (const tb::NaiveEntry& entry : answer.entries) {
        reads.push_back(entry.address);
    }
    switch (answer.kind) {
        case tb::NaiveAnswer::Kind::page_fault: return story("page_fault", reads, {});
        case tb::NaiveAnswer::Kind::access_fault: return story("access_fault", reads, {});
        case tb::NaiveAnswer::Kind::translated: break;
    }
    return story(fmt::format("{:x}", answer.physical_address), reads, answer.updated_entry);
}

std::string hardware_story(const WalkCase& walk_case, hw::PhysicalMemory& memory) {
    const hw::PlainWalk walk = hw::walk_plainly(walk_case.paging, walk_case.request, memory);
    std::vector<std::uint64_t> reads;
    for (const hw::ReadEntry& read : walk.reads) {
        reads.push_back(read.address.value);
    }
    std::optional<std::uint64_t> written;
    if (!walk.updates.empty()) {
        written = walk.updates.back().desired.raw;
    }
    if (walk.fault) {
        return story(fmt::format("{}", walk.fault->cause), reads, written);
    }
    const PhysicalAddress address = walk.walked->page.physical_address(walk_case.request.address);
    return story(fmt::format("{:x}", address.value), reads, written);
}

}  // namespace

WalkCase walk_case_of(std::span<const std::uint8_t> bytes) {
    Numbers numbers(bytes);
    WalkCase result;
    result.paging.mode =
        static_cast<hw::PagingMode>(numbers.next(1) % enumerator_count<hw::PagingMode>);
    result.paging.svnapot = !numbers.next_flag();
    const hw::PagingFormat& format = hw::format_of(result.paging.mode);
    result.request = request_of(numbers, format);

    // The entries along the way, as far as it stays in memory.
    const std::uint64_t entry_mask = format.entry_bytes == 4 ? 0xffff'ffff : ~std::uint64_t{0};
    PhysicalPageNumber table = result.request.context.root;
    for (unsigned level = format.levels; level-- > 0;) {
        const PhysicalAddress where = format.entry_address(table, level, result.request.address);
        if (where.value < base || where.value >= memory_end) {
            break;
        }
        const unsigned bits_inside = format.page_size_at(level).page_number_bits_inside() + 10;
        const std::uint64_t entry = entry_of(numbers, bits_inside) & entry_mask;
        result.entries[where.value] = entry;
        table = hw::PageTableEntry{entry}.page_number();
    }
    return result;
}

std::string difference_in(const WalkCase& walk_case) {
    hw::PhysicalMemory memory({base}, frames * page_bytes);
    const unsigned entry_bytes = hw::format_of(walk_case.paging.mode).entry_bytes;
    for (const auto& [address, entry] : walk_case.entries) {
        memory.write({address}, entry, entry_bytes);
    }
    const std::string naive = naive_story(walk_case);
    const std::string hardware = hardware_story(walk_case, memory);
    if (hardware != naive) {
        return fmt::format("the walk: {}\nthe naive translation: {}", hardware, naive);
    }
    // Only the last entry read may differ, and only where the two agreed on a write.
    const bool wrote = hardware.find("writes") != std::string::npos;
    std::size_t changed = 0;
    for (const auto& [address, entry] : walk_case.entries) {
        changed += memory.read({address}, entry_bytes) != entry ? 1 : 0;
    }
    return changed == (wrote ? 1 : 0) ? "" : fmt::format("{} entries changed", changed);
}

}  // namespace mmusim::tests

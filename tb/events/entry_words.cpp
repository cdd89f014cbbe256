// SPDX-License-Identifier: Apache-2.0
#include "tb/events/entry_words.hpp"

#include "hw/base/page_size.hpp"
#include "hw/paging/parameters.hpp"

#include <fmt/format.h>

#include <array>
#include <cstddef>
#include <string_view>

namespace mmusim::tb {

namespace {

// Of Svpbmt, by number.
constexpr std::array<std::string_view, 4> memory_types{"", ", non-cacheable", ", I/O",
                                                       ", memory type reserved"};

std::string_view cause_in_words(hw::FaultCause cause) {
    return cause == hw::FaultCause::page_fault ? "page fault" : "access fault";
}

}  // namespace

std::string flags_in_words(hw::PageFlags flags) {
    constexpr std::string_view letters = "VRWXUGAD";
    std::string text;
    for (std::size_t bit = 0; bit < letters.size(); ++bit) {
        text += (flags.bits >> bit & 1U) != 0 ? letters[bit] : '-';
    }
    return text;
}

std::string in_words(hw::PageTableEntry entry, unsigned level, const hw::PagingFormat& format) {
    if (!entry.valid()) {
        return "not valid";
    }
    if (!entry.leaf()) {
        return fmt::format("leads to table {}", entry.page_number().address());
    }
    const PageSize size = entry.napot() ? hw::napot_page_size : format.page_size_at(level);
    const std::uint64_t inside = (std::uint64_t{1} << size.page_number_bits_inside()) - 1;
    // The low bits of a 64 KiB page's number say its size. Elsewhere they should be zero.
    const PhysicalPageNumber page{entry.napot() ? entry.page_number().value & ~inside
                                                : entry.page_number().value};
    return fmt::format("{} page at {}{}", size, page.address(),
                       memory_types.at(entry.memory_type()));
}

std::string in_words(const hw::TranslatedPage& page) {
    return fmt::format("{} page at {}", page.size, page.physical_page.address());
}

std::string in_words(const hw::WalkFault& fault, AccessType type) {
    const auto reason = [&fault, type]() -> std::string {
        switch (fault.reason) {
            case hw::WalkFaultReason::not_canonical: return "the address is not canonical";
            case hw::WalkFaultReason::not_valid: return "the entry is not valid";
            case hw::WalkFaultReason::malformed: return "the entry is malformed";
            case hw::WalkFaultReason::pointer_at_last_level:
                return "the entry leads on from the last level";
            case hw::WalkFaultReason::not_permitted:
                return fmt::format("the entry does not permit a {}", type);
            case hw::WalkFaultReason::accessed_or_dirty_clear:
                return fmt::format("the entry's {} is clear",
                                   type == AccessType::write ? "A or D" : "A");
            case hw::WalkFaultReason::no_memory: break;
        }
        return "there is no memory at the entry";
    };
    return fmt::format("{}: {}", cause_in_words(fault.cause), reason());
}

}  // namespace mmusim::tb

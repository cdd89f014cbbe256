// SPDX-License-Identifier: Apache-2.0
#include "tests/support/page_table_image.hpp"

namespace mmusim::tests {

using hw::PageFlags;
using hw::PageTableEntry;

PageTableImage::PageTableImage(hw::PhysicalMemory& memory, hw::PagingMode mode,
                               PhysicalPageNumber root)
    : memory_(memory), format_(hw::format_of(mode)), root_(root), next_table_(root + 1) {}

PhysicalAddress PageTableImage::map(VirtualAddress address, PhysicalPageNumber page, unsigned level,
                                    PageFlags flags) {
    PhysicalPageNumber table = root_;
    for (unsigned above = format_.levels - 1; above > level; --above) {
        const PhysicalAddress pointer = format_.entry_address(table, above, address);
        if (!entry_at(pointer).valid()) {
            write_entry(pointer, PageTableEntry::make(next_table_, {PageFlags::valid_bit}));
            next_table_ = next_table_ + 1;
        }
        table = entry_at(pointer).page_number();
    }
    const PhysicalAddress leaf = format_.entry_address(table, level, address);
    write_entry(leaf, PageTableEntry::make(page, flags));
    return leaf;
}

void PageTableImage::map_napot(VirtualAddress address, PhysicalPageNumber page) {
    constexpr std::uint64_t pages = 16;
    constexpr std::uint64_t size_code = 8;
    for (std::uint64_t number = 0; number < pages; ++number) {
        const PhysicalAddress leaf = map(address + number * page_bytes, page + size_code);
        write_entry(leaf, {entry_at(leaf).raw | PageTableEntry::napot_bit});
    }
}

PhysicalAddress PageTableImage::entry_address(VirtualAddress address, unsigned level) const {
    PhysicalPageNumber table = root_;
    for (unsigned above = format_.levels - 1; above > level; --above) {
        table = entry_at(format_.entry_address(table, above, address)).page_number();
    }
    return format_.entry_address(table, level, address);
}

PageTableEntry PageTableImage::entry_at(PhysicalAddress address) const {
    return {memory_.read(address, format_.entry_bytes)};
}

void PageTableImage::write_entry(PhysicalAddress address, PageTableEntry entry) {
    memory_.write(address, entry.raw, format_.entry_bytes);
}

}  // namespace mmusim::tests

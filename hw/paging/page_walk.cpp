// SPDX-License-Identifier: Apache-2.0
#include "hw/paging/page_walk.hpp"

namespace mmusim::hw {

namespace {

constexpr unsigned reserved_memory_type = 3;

// 64 KiB is written as 1000 in the low bits of the page number.
constexpr std::uint64_t napot_encoding_mask = 0xf;
constexpr std::uint64_t napot_encoding = 0x8;

}  // namespace

PageWalk::PageWalk(const PagingParameters& paging, const TranslationRequest& request)
    : paging_(paging),
      format_(format_of(paging.mode)),
      request_(request),
      table_(request.context.root),
      level_(format_.levels - 1) {}

WalkStep PageWalk::start() {
    if (!format_.canonical(request_.address)) {
        return fault_step(WalkFaultReason::not_canonical);
    }
    return read_step();
}

WalkStep PageWalk::skip_to(unsigned level, PhysicalPageNumber table, bool global) {
    level_ = level;
    table_ = table;
    global_ = global;
    return read_step();
}

WalkStep PageWalk::entry_read(PageTableEntry entry) {
    if (!entry.valid()) {
        return fault_step(WalkFaultReason::not_valid);
    }
    if (malformed(entry)) {
        return fault_step(WalkFaultReason::malformed);
    }
    if (entry.leaf()) {
        return leaf_step(entry);
    }
    if (malformed_pointer(entry)) {
        return fault_step(WalkFaultReason::malformed);
    }
    if (level_ == 0) {
        return fault_step(WalkFaultReason::pointer_at_last_level);
    }
    global_ = global_ || entry.flags().global();
    table_ = entry.page_number();
    --level_;
    return read_step();
}

WalkStep PageWalk::entry_updated(bool exchanged) {
    if (!exchanged) {
        return read_step();
    }
    return walked_step(updated_entry_);
}

WalkStep PageWalk::memory_failed() const {
    return WalkFault{
        .cause = FaultCause::access_fault, .level = level_, .reason = WalkFaultReason::no_memory};
}

WalkStep PageWalk::read_step() const {
    return ReadEntry{.address = format_.entry_address(table_, level_, request_.address),
                     .level = level_};
}

WalkStep PageWalk::fault_step(WalkFaultReason reason) const {
    return WalkFault{.cause = FaultCause::page_fault, .level = level_, .reason = reason};
}

WalkStep PageWalk::leaf_step(PageTableEntry entry) {
    if (malformed_leaf(entry)) {
        return fault_step(WalkFaultReason::malformed);
    }
    if (!permits(entry.flags(), request_)) {
        return fault_step(WalkFaultReason::not_permitted);
    }
    const PageFlags after = flags_after(entry.flags(), request_.type);
    if (after == entry.flags()) {
        return walked_step(entry);
    }
    if (!request_.context.hardware_ad_update) {
        return fault_step(WalkFaultReason::accessed_or_dirty_clear);
    }
    updated_entry_ = entry.with_flags(after.bits);
    return UpdateEntry{.address = format_.entry_address(table_, level_, request_.address),
                       .level = level_,
                       .expected = entry,
                       .desired = updated_entry_};
}

Walked PageWalk::walked_step(PageTableEntry entry) const {
    const PageSize size = entry.napot() ? napot_page_size : format_.page_size_at(level_);
    const std::uint64_t inside = (std::uint64_t{1} << size.page_number_bits_inside()) - 1;
    return {.page = {.physical_page = {entry.page_number().value & ~inside},
                     .size = size,
                     .flags = entry.flags(),
                     .memory_type = static_cast<std::uint8_t>(entry.memory_type()),
                     .global = global_ || entry.flags().global()},
            .level = level_};
}

// What is wrong in any valid entry, pointer or leaf.
bool PageWalk::malformed(PageTableEntry entry) const {
    const PageFlags flags = entry.flags();
    if (flags.writable() && !flags.readable()) {
        return true;
    }
    const bool memory_type_refused =
        entry.memory_type() == reserved_memory_type ||
        (entry.memory_type() != 0 && !request_.context.page_based_memory_types);
    return entry.reserved_bits_set() || memory_type_refused || (entry.napot() && !paging_.svnapot);
}

// A, D, U, PBMT and N are reserved in a pointer.
bool PageWalk::malformed_pointer(PageTableEntry entry) {
    const PageFlags flags = entry.flags();
    return flags.accessed() || flags.dirty() || flags.user() || entry.memory_type() != 0 ||
           entry.napot();
}

bool PageWalk::malformed_leaf(PageTableEntry entry) const {
    if (entry.napot()) {
        return level_ != 0 || (entry.page_number().value & napot_encoding_mask) != napot_encoding;
    }
    const unsigned bits_inside = format_.page_size_at(level_).page_number_bits_inside();
    const std::uint64_t inside = (std::uint64_t{1} << bits_inside) - 1;
    return (entry.page_number().value & inside) != 0;
}

}  // namespace mmusim::hw

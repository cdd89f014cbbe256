// SPDX-License-Identifier: Apache-2.0
#include "tb/check/translation_checker.hpp"

#include "tb/check/naive_request.hpp"

#include <fmt/format.h>

#include <utility>

namespace mmusim::tb {

namespace {

std::string outcome_of(const NaiveAnswer& naive) {
    switch (naive.kind) {
        case NaiveAnswer::Kind::translated: return fmt::format("{:#x}", naive.physical_address);
        case NaiveAnswer::Kind::access_fault: return "an access fault";
        case NaiveAnswer::Kind::page_fault: break;
    }
    return "a page fault";
}

std::string letters_of(const sw::Rights& rights) {
    return fmt::format("{}{}{}", rights.read ? 'r' : '-', rights.write ? 'w' : '-',
                       rights.execute ? 'x' : '-');
}

std::string letters_of(hw::PageFlags flags) {
    constexpr std::string_view names = "vrwxugad";
    std::string text;
    for (unsigned bit = 0; bit < names.size(); ++bit) {
        text += (flags.bits >> bit & 1U) == 1 ? names[bit] : '-';
    }
    return text;
}

bool holds(const hw::TlbArray::Entry& entry, VirtualAddress address) {
    const unsigned inside = entry.page.size.page_number_bits_inside();
    return page_number_of(address).value >> inside == entry.virtual_page.value >> inside;
}

void tell_entries(std::string& text, const NaiveAnswer& naive) {
    for (const NaiveEntry& entry : naive.entries) {
        text += entry.value
                    ? fmt::format("\n  entry at {:#x}: {:#018x}", entry.address, *entry.value)
                    : fmt::format("\n  entry at {:#x}: no such memory", entry.address);
    }
}

void tell_tlbs(std::string& text, const std::vector<TlbContents>& tlbs, VirtualAddress address) {
    for (const TlbContents& tlb : tlbs) {
        for (const hw::TlbArray::Entry& entry : tlb.entries) {
            if (!holds(entry, address)) {
                continue;
            }
            text += fmt::format("\n  {} holds {} of {} under ASID {}: page {}, {}", tlb.name,
                                entry.virtual_page.address(), entry.page.size, entry.asid,
                                entry.page.physical_page.address(), letters_of(entry.page.flags));
        }
    }
}

}  // namespace

TranslationChecker::TranslationChecker(const hw::PagingParameters& paging, CheckedMachine machine)
    : paging_(paging), machine_(std::move(machine)) {}

void TranslationChecker::check(const EndedTranslation& translation) {
    const NaiveAnswer naive =
        translate_naively(naive_request_of(translation.request, paging_), machine_.memory);
    const std::optional<std::string> found = difference(translation, naive);
    if (found) {
        throw CheckFailure(story(translation, naive, *found));
    }
    ++checked_;
}

void TranslationChecker::check(const hw::FaultedTranslation& fault) {
    const NaiveAnswer naive =
        translate_naively(naive_request_of(fault.request, paging_), machine_.memory);
    if (!warranted(fault, naive)) {
        const std::string_view cause =
            fault.cause == hw::FaultCause::page_fault ? "a page fault" : "an access fault";
        throw CheckFailure(story(
            fault, naive,
            fmt::format("ended in {}, but the page tables give {}", cause, outcome_of(naive))));
    }
    ++checked_;
}

std::optional<std::string> TranslationChecker::difference(const EndedTranslation& translation,
                                                          const NaiveAnswer& naive) const {
    if (!translation.page) {
        if (naive.kind == NaiveAnswer::Kind::translated) {
            return fmt::format("ended in a signal, but the page tables give {}", outcome_of(naive));
        }
        return std::nullopt;
    }
    const VirtualAddress address = translation.request.address;
    const std::uint64_t physical = translation.page->physical_address(address).value;
    if (naive.kind != NaiveAnswer::Kind::translated || naive.physical_address != physical) {
        return fmt::format("gave {:#x}, but the page tables give {}", physical, outcome_of(naive));
    }
    if (naive.updated_entry) {
        return fmt::format("left A or D clear: the last entry should be {:#018x}",
                           *naive.updated_entry);
    }
    const std::optional<sw::Region> region = machine_.region_at(address);
    if (!region) {
        return fmt::format("gave {:#x}, but the operating system has mapped nothing there",
                           physical);
    }
    if (!region->rights.allows(translation.request.type)) {
        return fmt::format("gave {:#x}, but the operating system allows {} only", physical,
                           letters_of(region->rights));
    }
    return std::nullopt;
}

// An access of its own may find no memory where the page tables lead.
bool TranslationChecker::warranted(const hw::FaultedTranslation& fault,
                                   const NaiveAnswer& naive) const {
    if (fault.cause == hw::FaultCause::page_fault) {
        return naive.kind == NaiveAnswer::Kind::page_fault;
    }
    const bool leads_nowhere =
        naive.kind == NaiveAnswer::Kind::translated && !machine_.memory(naive.physical_address, 1);
    return naive.kind == NaiveAnswer::Kind::access_fault || leads_nowhere;
}

template <typename Event>
std::string TranslationChecker::story(const Event& event, const NaiveAnswer& naive,
                                      const std::string& difference) const {
    const hw::TranslationRequest& request = event.request;
    std::string text = fmt::format(
        "check: access {}, {} of {} under ASID {}, issued in cycle {}: {}", event.access,
        request.type, request.address, request.context.asid, event.issued, difference);
    tell_entries(text, naive);
    const std::optional<sw::Region> region = machine_.region_at(request.address);
    text += region ? fmt::format("\n  region {} to {}, {}", region->start, region->end,
                                 letters_of(region->rights))
                   : "\n  no region holds the address";
    tell_tlbs(text, machine_.tlbs(), request.address);
    return text;
}

}  // namespace mmusim::tb

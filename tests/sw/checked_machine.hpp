// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "hw/base/fence.hpp"
#include "hw/base/types.hpp"
#include "hw/paging/parameters.hpp"
#include "hw/paging/translation.hpp"
#include "sw/machine.hpp"
#include "sw/operating_system.hpp"
#include "tb/check/contents_checker.hpp"
#include "tests/support/counting_machine.hpp"
#include "tests/sw/hardware_walk.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <stdexcept>
#include <utility>
#include <variant>

namespace mmusim::tests {

/// A machine without time, whose programs remember translations until they are fenced, and whose
/// frames and storage hold what was stored there.
class CheckedMachine : public CountingMachine {
  public:
    explicit CheckedMachine(const hw::PagingParameters& paging) : paging_(paging) {}

    /// Before anything else: who manages this machine.
    void boot(sw::OperatingSystem& system) { system_ = &system; }

    [[nodiscard]] tb::ContentsChecker& contents() { return contents_; }

    /// How an access went: the faults that it needed, and its signal if it got one.
    struct Access {
        std::uint64_t faults = 0;
        std::optional<sw::Signal> signal{};
    };

    /// A process reads or writes the word at the address, with all the faults that this takes.
    Access access(sw::ProcessId process, VirtualAddress address, AccessType type) {
        constexpr int enough = 1'000;
        Access result;
        const hw::TranslationContext context = system_->switch_to(process);
        for (int attempt = 0; attempt < enough; ++attempt) {
            if (const auto page = translate(context, address, type)) {
                judge(process, address, type, *page);
                return result;
            }
            const sw::FaultProgress progress =
                system_->handle_fault(process, {.address = address, .type = type});
            if (std::holds_alternative<sw::IoTicket>(progress)) {
                finish_transfers();
                system_->storage_done();
                continue;
            }
            ++result.faults;
            result.signal = std::get<sw::FaultOutcome>(progress).signal;
            if (result.signal) {
                return result;
            }
        }
        throw std::logic_error("an access faults for ever");
    }

    void clear_frame(PhysicalPageNumber frame) override {
        CountingMachine::clear_frame(frame);
        contents_.frames().clear_frame(frame);
    }

    void copy_frame(PhysicalPageNumber from, PhysicalPageNumber to) override {
        CountingMachine::copy_frame(from, to);
        contents_.frames().copy_frame(from, to);
    }

    [[nodiscard]] sw::IoTicket transfer(const sw::StorageTransfer& transfer) override {
        const bool files = transfer.area == sw::StorageArea::files;
        for (std::size_t index = 0; index < transfer.frames.size() && !next_transfer_fails();
             ++index) {
            const tb::StoragePage page{.medium = files ? tb::Medium::files : tb::Medium::swap,
                                       .page = transfer.first_page + index};
            if (transfer.writes) {
                contents_.frames().write_to_storage(transfer.frames[index], page);
            } else {
                contents_.frames().read_from_storage(
                    page, transfer.frames[index],
                    files ? system_->objects().bytes_at(page.page) : page_bytes);
            }
        }
        return CountingMachine::transfer(transfer);
    }

    void fence(const Fence& fence) override {
        CountingMachine::fence(fence);
        std::erase_if(remembered_, [&fence](const auto& entry) {
            const auto& [asid, page] = entry.first;
            // An address in a huge page is all of it.
            const std::uint64_t bytes = entry.second.size.bytes();
            const bool address_matches =
                !fence.address || fence.address->value / bytes == page * page_bytes / bytes;
            return address_matches && (!fence.asid || fence.asid->value == asid);
        });
    }

  private:
    using Key = std::pair<std::uint16_t, std::uint64_t>;  // ASID and page

    [[nodiscard]] std::optional<hw::TranslatedPage> translate(const hw::TranslationContext& context,
                                                              VirtualAddress address,
                                                              AccessType type) {
        const Key key{context.asid.value, page_number_of(address).value};
        const auto known = remembered_.find(key);
        const bool enough = known != remembered_.end() &&
                            hw::permits(known->second.flags,
                                        {.address = address, .type = type, .context = context}) &&
                            (type != AccessType::write || known->second.flags.dirty());
        if (enough) {
            return known->second;
        }
        const auto walked = hardware_walk(*this, paging_, context, address, type);
        if (walked) {
            remembered_[key] = *walked;
        }
        return walked;
    }

    void judge(sw::ProcessId process, VirtualAddress address, AccessType type,
               const hw::TranslatedPage& page) {
        contents_.finished({.number = ++accesses_,
                            .process = process,
                            .virtual_address = address,
                            .physical_address = page.physical_address(address),
                            .type = type,
                            .bytes = 8});
    }

    hw::PagingParameters paging_;
    sw::OperatingSystem* system_ = nullptr;
    tb::ContentsChecker contents_;
    std::map<Key, hw::TranslatedPage> remembered_;
    std::uint64_t accesses_ = 0;
};

}  // namespace mmusim::tests

// SPDX-License-Identifier: Apache-2.0
#include "tb/system/contents_teller.hpp"

#include <cstddef>

namespace mmusim::tb {

void ContentsTeller::made(sw::ProcessId process) {
    checker_.programs().make_process(process);
    for (const sw::Region& region : system_->regions_of(process)) {
        checker_.programs().map(process, region);
    }
}

void ContentsTeller::exited(sw::ProcessId process) {
    checker_.programs().exit(process);
}

void ContentsTeller::cleared(PhysicalPageNumber frame) {
    checker_.frames().clear_frame(frame);
}

void ContentsTeller::copied(PhysicalPageNumber from, PhysicalPageNumber to) {
    checker_.frames().copy_frame(from, to);
}

// What is read and written counts from the moment of the request on: nobody sees a frame before its
// page has come, and what is stored into one that is being written makes it dirty again.
void ContentsTeller::transferred(const sw::StorageTransfer& transfer) {
    const bool files = transfer.area == sw::StorageArea::files;
    for (std::size_t index = 0; index < transfer.frames.size(); ++index) {
        const StoragePage page{.medium = files ? Medium::files : Medium::swap,
                               .page = transfer.first_page + index};
        if (transfer.writes) {
            checker_.frames().write_to_storage(transfer.frames[index], page);
        } else {
            checker_.frames().read_from_storage(
                page, transfer.frames[index],
                files ? system_->objects().bytes_at(page.page) : page_bytes);
        }
    }
}

void ContentsTeller::accessed(sw::ProcessId process, const hw::FinishedTranslation& finished,
                              PhysicalAddress address) {
    const hw::TranslationRequest& request = finished.translation.request;
    learn_of_growth(process, request.address);
    checker_.finished({.number = finished.access,
                       .process = process,
                       .virtual_address = request.address,
                       .physical_address = address,
                       .type = request.type,
                       .bytes = finished.bytes});
}

// A stack grows without a call.
void ContentsTeller::learn_of_growth(sw::ProcessId process, VirtualAddress address) {
    if (checker_.programs().reaches(process, address)) {
        return;
    }
    const std::optional<sw::Region> region = system_->region_at(process, address);
    if (region && region->grows_down) {
        const VirtualAddress page = page_number_of(address).address();
        checker_.programs().map(process, region->piece(page, page + page_bytes));
    }
}

}  // namespace mmusim::tb

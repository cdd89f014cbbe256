// SPDX-License-Identifier: Apache-2.0
#include "tb/check/naive_request.hpp"

namespace mmusim::tb {

namespace {

unsigned address_bits_of(hw::PagingMode mode) {
    switch (mode) {
        case hw::PagingMode::sv32: return 32;
        case hw::PagingMode::sv39: return 39;
        case hw::PagingMode::sv48: return 48;
        case hw::PagingMode::sv57: break;
    }
    return 57;
}

char letter_of(AccessType type) {
    switch (type) {
        case AccessType::read: return 'r';
        case AccessType::write: return 'w';
        case AccessType::fetch: break;
    }
    return 'x';
}

}  // namespace

NaiveRequest naive_request_of(const hw::TranslationRequest& request,
                              const hw::PagingParameters& paging) {
    const hw::TranslationContext& context = request.context;
    return {.virtual_address_bits = address_bits_of(paging.mode),
            .root_page_number = context.root.value,
            .supervisor = context.privilege == Privilege::supervisor,
            .sum = context.supervisor_user_memory,
            .mxr = context.make_executable_readable,
            .adue = context.hardware_ad_update,
            .pbmte = context.page_based_memory_types,
            .svnapot = paging.svnapot,
            .access = letter_of(request.type),
            .virtual_address = request.address.value};
}

}  // namespace mmusim::tb

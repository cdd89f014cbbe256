// SPDX-License-Identifier: Apache-2.0
#include "hw/paging/translation_payload_module.hpp"

#include <memory>

namespace mmusim::hw {

tlm::tlm_extension_base* TranslationExtension::clone() const {
    return std::make_unique<TranslationExtension>(*this).release();
}

void TranslationExtension::copy_from(const tlm_extension_base& other) {
    *this = dynamic_cast<const TranslationExtension&>(other);
}

TranslationPayload::TranslationPayload(TranslationNumber number) {
    extension_.number = number;
    payload_.set_extension(&extension_);
    payload_.set_command(tlm::TLM_IGNORE_COMMAND);
    payload_.acquire();
}

TranslationPayload::~TranslationPayload() {
    payload_.clear_extension(&extension_);
}

void TranslationPayload::begin(const TranslationRequest& request, bool retry) {
    payload_.set_address(request.address.value);
    payload_.set_response_status(tlm::TLM_INCOMPLETE_RESPONSE);
    extension_.request = request;
    extension_.retry = retry;
    extension_.levels = 0;
    extension_.sets_dirty_bit = false;
    extension_.asked_again = false;
    extension_.page.reset();
    extension_.fault.reset();
    extension_.walked = false;
}

}  // namespace mmusim::hw

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "hw/base/problems.hpp"

#include <string>

namespace mmusim::tests {

/// What the InputError says that the action ends in; "no error" if it ends in none.
template <typename Action>
[[nodiscard]] std::string input_error_of(Action action) {
    try {
        action();
    } catch (const InputError& error) {
        return error.what();
    }
    return "no error";
}

}  // namespace mmusim::tests

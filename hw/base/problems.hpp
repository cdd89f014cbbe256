// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace mmusim {

/// What is wrong with a configuration, one sentence each; empty when all is well.
using Problems = std::vector<std::string>;

/// Bad input from outside: an option, a configuration, a trace, a file that cannot be written.
/// `what()` names the file and line or the key, what was found and what was expected.
class InputError : public std::runtime_error {
  public:
    using std::runtime_error::runtime_error;
};

/// A defect of the model itself: something that no input may cause.
class ModelError : public std::logic_error {
  public:
    using std::logic_error::logic_error;
};

}  // namespace mmusim

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <string>

namespace mmusim::tests {

/// What `work` returns, done by a child of this process: several simulations in one test case, of
/// which the kernel allows one per process. Throws std::runtime_error with what `work` threw, or
/// with the signal that ended the child. The caller has made no SystemC object.
[[nodiscard]] std::string in_child_process(const std::function<std::string()>& work);

}  // namespace mmusim::tests

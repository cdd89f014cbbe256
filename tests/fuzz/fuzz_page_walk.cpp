// SPDX-License-Identifier: Apache-2.0
// The hardware's walk and the naive translation agree on page tables made from arbitrary bytes.
#include "tests/fuzz/walk_case.hpp"

#include <cstddef>
#include <cstdio>
#include <cstdlib>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
    const std::string difference =
        mmusim::tests::difference_in(mmusim::tests::walk_case_of({bytes, size}));
    if (!difference.empty()) {
        std::fputs((difference + '\n').c_str(), stderr);
        std::abort();
    }
    return 0;
}

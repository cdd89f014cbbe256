// SPDX-License-Identifier: Apache-2.0
// The reader of walk vectors takes or refuses any text, and what it takes is answered alike by the
// hardware's walk and by the naive translation.
#include "hw/base/problems.hpp"
#include "tb/vectors/plain_judge.hpp"
#include "tests/support/naive_judge.hpp"

#include <cstddef>
#include <cstdio>
#include <cstdlib>
#include <optional>

namespace {

std::optional<mmusim::tb::WalkVectors> vectors_in(std::string_view text) {
    try {
        return mmusim::tb::parse_walk_vectors(text, "fuzz");
    } catch (const mmusim::InputError&) {
        return std::nullopt;
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
    // Bytes are characters here.
    // NOLINTNEXTLINE(cppcoreguidelines-pro-type-reinterpret-cast)
    const auto vectors = vectors_in({reinterpret_cast<const char*>(bytes), size});
    if (!vectors) {
        return 0;
    }
    mmusim::tb::PlainJudge plain(vectors->mode);
    mmusim::tests::NaiveJudge naive(vectors->mode);
    const std::string answers = mmusim::tb::answers_of(*vectors, plain);
    const std::string naive_answers = mmusim::tb::answers_of(*vectors, naive);
    if (answers != naive_answers) {
        std::fputs(("the walk:\n" + answers + "the naive translation:\n" + naive_answers).c_str(),
                   stderr);
        std::abort();
    }
    return 0;
}

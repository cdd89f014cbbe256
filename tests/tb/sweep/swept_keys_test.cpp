// SPDX-License-Identifier: Apache-2.0
#include "tb/sweep/swept_keys.hpp"

#include "tb/config/resolve.hpp"

#include <catch2/catch.hpp>

namespace mmusim::tb::swept_keys_test {

TEST_CASE("parameters, groups of them, and those of parts that would be new can be swept") {
    CHECK(problems_of_keys({"tlbs.l1d.sets", "seed", "tlbs.l2", "tlbs.l3.sets", "tlbs.l3",
                            "caches.l4.ways", "walk_cache.enabled", "os.storage"},
                           resolve({}))
              .empty());
}

TEST_CASE("a key that is none is answered with the nearest") {
    CHECK(problems_of_keys({"tlbs.l1d.set", "tlbs.l3.way", "tlb.l1d.sets", "zzzzzzzzzzzzzz"},
                           resolve({})) ==
          Problems{"-L tlbs.l1d.set: no such key; the nearest is tlbs.l1d.sets",
                   "-L tlbs.l3.way: no such key; the nearest is tlbs.l3.ways",
                   "-L tlb.l1d.sets: no such key; the nearest is tlbs.l1d.sets",
                   "-L zzzzzzzzzzzzzz: no such key"});
}

}  // namespace mmusim::tb::swept_keys_test

// SPDX-License-Identifier: Apache-2.0
// Walk vectors small enough to be answered by hand, one for each thing that a judge has to get
// right.
#pragma once

#include <string>

namespace mmusim::tests {

struct WorkedVectors {
    std::string text;
    std::string answers;
};

/// Sv39. The first image maps page 0 to 0x80003000: read and write for users, A and D clear.
[[nodiscard]] inline WorkedVectors worked_sv39_vectors() {
    return {.text =
                "S 64 39\n"
                "N\n"
                "W 80000000 20000401\n"
                "W 80001000 20000801\n"
                "W 80002000 20000c17\n"
                "W 80000008 cf\n"
                "W 80000010 20000000000000df\n"
                // Not aligned: what counts are the last four bytes, in the next entry.
                "W 8000001c df00000000\n"
                // A walk sets A, and D for a write; the next test sees neither.
                "T 0 8000000000080000 0 0 0 1 0 r 123 0\n"
                "T 1 8000000000080000 0 0 0 1 0 w 123 0\n"
                "T 2 8000000000080000 0 0 0 1 0 r fff 0\n"
                // Svade, X clear, a supervisor without and with SUM, nothing mapped.
                "T 3 8000000000080000 0 0 0 0 0 r 123 0\n"
                "T 4 8000000000080000 0 0 0 1 0 x 123 0\n"
                "T 5 8000000000080000 1 0 0 1 0 r 123 0\n"
                "T 6 8000000000080000 1 1 0 1 0 r 123 0\n"
                "T 7 8000000000080000 0 0 0 1 0 r 1123 0\n"
                // The root is outside memory; not canonical comes first.
                "T 8 8000000000000001 0 0 0 1 0 r 123 0\n"
                "T 9 8000000000000001 0 0 0 1 0 r 4000000000 0\n"
                // A leaf outside memory, a supervisor's.
                "T 10 8000000000080000 1 0 0 0 0 x 40001235 0\n"
                // A memory type without and with Svpbmt.
                "T 11 8000000000080000 0 0 0 0 0 r 80000010 0\n"
                "T 12 8000000000080000 0 0 0 0 1 r 80000010 0\n"
                // The entry that was not aligned.
                "T 13 8000000000080000 0 0 0 0 0 w 100000010 0\n"
                // Machine mode, and Bare.
                "T 14 8000000000080000 3 0 0 0 0 r ffffffffffffffff 0\n"
                "T 15 0 0 0 0 0 0 x ffff000000001235 0\n"
                // A new image holds nothing of the one before.
                "N\n"
                "T 16 8000000000080000 0 0 0 1 0 r 123 0\n"
                "W 80000000 cf\n"
                "T 17 8000000000080000 1 0 0 1 0 r 123 0\n",
            .answers =
                "0 ok 80003123 ad 80002000 20000c57\n"
                "1 ok 80003123 ad 80002000 20000cd7\n"
                "2 ok 80003fff ad 80002000 20000c57\n"
                "3 pf\n"
                "4 pf\n"
                "5 pf\n"
                "6 ok 80003123 ad 80002000 20000c57\n"
                "7 pf\n"
                "8 af\n"
                "9 pf\n"
                "10 ok 1234\n"
                "11 pf\n"
                "12 ok 10\n"
                "13 ok 10\n"
                "14 ok ffffffffffffffff\n"
                "15 ok ffff000000001234\n"
                "16 pf\n"
                "17 ok 123\n"};
}

/// Sv32: entries of 4 bytes, physical addresses of 34 bits.
[[nodiscard]] inline WorkedVectors worked_sv32_vectors() {
    return {.text =
                "S 32 32\n"
                "N\n"
                // Entry 0 points to the next table, entry 1 is a page of 4 MiB.
                "W 80000000 fff0001f20000401\n"
                "W 80001ff8 fffffc1700000000\n"
                "T 0 80080000 0 0 0 1 0 w 7ff123 0\n"
                "T 1 80080000 0 0 0 1 0 w 3ff123 0\n"
                "T 2 80080000 0 0 0 1 0 w 1ff123 0\n"
                "T 3 80080000 0 0 0 1 0 x 3ff123 0\n"
                "T 4 0 0 0 0 1 0 w ffffffff 0\n",
            .answers =
                "0 ok 3fffff123 ad 80000004 fff000df\n"
                "1 ok 3fffff123 ad 80001ffc fffffcd7\n"
                "2 pf\n"
                "3 pf\n"
                "4 ok ffffffff\n"};
}

}  // namespace mmusim::tests

// SPDX-License-Identifier: Apache-2.0
// Tests that run programs under QEMU: where it is not installed they are skipped, with the reason.
#include "tb/record/program_file.hpp"
#include "tests/support/catch_session.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <span>
#include <string_view>

namespace {

[[nodiscard]] bool qemu_is_installed() {
    const char* const path = std::getenv("PATH");
    return path != nullptr && mmusim::tb::find_program("qemu-x86_64", path) &&
           mmusim::tb::find_program("qemu-riscv64", path);
}

/// Whether the cases are to be listed only, as when they are told to CTest.
[[nodiscard]] bool lists_only(std::span<char* const> arguments) {
    return std::any_of(arguments.begin(), arguments.end(),
                       [](std::string_view argument) { return argument.starts_with("--list"); });
}

}  // namespace

int main(int count, char** arguments) {
    constexpr int skipped = 77;
    if (!lists_only({arguments, static_cast<std::size_t>(count)}) && !qemu_is_installed()) {
        fmt::print("SKIPPED: QEMU for programs is not installed (Debian: qemu-user)\n");
        return skipped;
    }
    return mmusim::tests::run_catch_session(count, arguments);
}

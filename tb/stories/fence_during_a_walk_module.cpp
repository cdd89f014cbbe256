// SPDX-License-Identifier: Apache-2.0
// A directed bench: a page is read, and while the walker is on its way another core takes the right
// to write from that page and the next, and fences them. docs/stories/fence-during-a-walk.md
//
//   fence-during-a-walk FILE.vcd
//
// No script can say this, because its lines come one after the other.
#include "hw/base/problems.hpp"
#include "tb/config/resolve.hpp"
#include "tb/system/system_module.hpp"
#include "tb/system/wave_window.hpp"

#include <systemc>

#include <array>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <limits>
#include <optional>
#include <span>
#include <utility>

namespace mmusim::tb {

namespace {

constexpr VirtualAddress page{0x4000'0000};
constexpr VirtualAddress next_page{0x4000'1000};
constexpr VirtualAddress end_of_pages{0x4000'2000};

/// Both pages come into memory. The TLBs have room for one, so the read of the first is a walk; the
/// write behind it finds what that has left in the TLB.
constexpr std::array accesses{
    Access{.address = page, .size_bytes = 8, .type = AccessType::write},
    Access{.address = next_page, .size_bytes = 8, .type = AccessType::write},
    Access{.address = page, .size_bytes = 8, .type = AccessType::read},
    Access{.address = page, .size_bytes = 8, .type = AccessType::write},
};

/// The read begins its walk in cycle 240, and the leaf is under way from 280 to 300.
constexpr Cycles fenced_at{290};

/// The waves go on for a while, so that the end is in view.
constexpr Cycles end{460};

[[nodiscard]] Configuration machine() {
    return resolve(
        {.preset = "plain",
         .settings = {"tlbs.l1d.sets=1", "tlbs.l1d.ways=1", "tlbs.l2.sets=1", "tlbs.l2.ways=1"}});
}

class Accesses final : public AccessSource {
  public:
    [[nodiscard]] std::span<const Access> next_batch() override {
        return std::exchange(given_, true) ? std::span<const Access>{}
                                           : std::span<const Access>{accesses};
    }

  private:
    bool given_ = false;
};

/// Nobody counts and nobody stops the core.
class NoObserver final : public hw::CoreObserver {
  public:
    std::optional<std::uint64_t> milestone(std::uint64_t /*accesses*/) override {
        return std::numeric_limits<std::uint64_t>::max();
    }
    void finished(const hw::FinishedTranslation& /*translation*/) override {}
    void faulted(const hw::FaultedTranslation& /*translation*/) override {}
    [[nodiscard]] bool watches_translations() const override { return false; }
};

/// Another core of the same process, which is not in the model: what it does is there at once.
class OtherCore {
  public:
    explicit OtherCore(SystemModule& system) : system_(system) {
        system_.clock().at(fenced_at, hw::CyclePhase::software, protect_action_);
    }

  private:
    // mprotect(2): the entries change in memory, and everybody is told to forget the old ones.
    void protect() {
        SoftwareModule& software = system_.software();
        software.machine().in_no_time([&software] {
            const sw::CallResult error = software.operating_system().calls().protect(
                software.running(), {.start = page, .end = end_of_pages}, {.read = true});
            if (error) {
                throw ModelError("the pages cannot be protected");
            }
        });
    }

    SystemModule& system_;
    hw::MemberAction<OtherCore> protect_action_{*this, &OtherCore::protect};
};

class Nothing final : public hw::Action {
  public:
    void perform() override {}
};

void play(const char* wave_file) {
    Accesses source;
    NoObserver observer;
    SystemModule system("mmusim", machine(),
                        {{.name = "program", .origin = "bench", .accesses = source}}, observer,
                        Monitors::none);
    const OtherCore other_core(system);
    Nothing nothing;
    system.clock().at(end, hw::CyclePhase::observe, nothing);
    run_with_waves(system, {.path = wave_file, .from = {}});
}

}  // namespace

}  // namespace mmusim::tb

// Called by the kernel once it is ready.
int sc_main(int argc, char* argv[]) {
    constexpr int input_error = 2;
    const std::span<char* const> arguments(argv, static_cast<std::size_t>(argc));
    if (arguments.size() != 2) {
        static_cast<void>(std::fputs("usage: fence-during-a-walk FILE.vcd\n", stderr));
        return input_error;
    }
    // What the kernel tells of its own doings, such as a wave file's time unit.
    sc_core::sc_report_handler::set_actions(sc_core::SC_INFO, sc_core::SC_DO_NOTHING);
    try {
        mmusim::tb::play(arguments[1]);
    } catch (const mmusim::InputError& error) {
        static_cast<void>(std::fprintf(stderr, "fence-during-a-walk: %s\n", error.what()));
        return input_error;
    } catch (const std::exception& error) {
        static_cast<void>(std::fprintf(stderr, "fence-during-a-walk: %s\n", error.what()));
        return EXIT_FAILURE;
    }
    return EXIT_SUCCESS;
}

int main(int argument_count, char* arguments[]) {
    constexpr int keep_what_is_set = 0;
    // NOLINTNEXTLINE(concurrency-mt-unsafe): there is one thread
    setenv("SYSTEMC_DISABLE_COPYRIGHT_MESSAGE", "1", keep_what_is_set);
    return sc_core::sc_elab_and_sim(argument_count, arguments);
}

// SPDX-License-Identifier: Apache-2.0
#include "tb/system/wave_window.hpp"

#include "hw/base/problems.hpp"
#include "tb/output/fst_file.hpp"
#include "tb/output/output_file.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <memory>
#include <optional>
#include <string>
#include <system_error>
#include <unistd.h>

namespace mmusim::tb {

namespace {

/// Where the kernel writes: it wants a name without ".vcd" and appends that. The scratch file lies
/// beside the rest of the machine's temporary files and goes away with this object.
class ScratchWaves {
  public:
    ScratchWaves() : stem_(make_directory() / "waves") {}
    ScratchWaves(const ScratchWaves&) = delete;
    ScratchWaves& operator=(const ScratchWaves&) = delete;
    ScratchWaves(ScratchWaves&&) = delete;
    ScratchWaves& operator=(ScratchWaves&&) = delete;

    ~ScratchWaves() {
        std::error_code ignored;
        std::filesystem::remove_all(stem_.parent_path(), ignored);
    }

    [[nodiscard]] std::string stem() const { return stem_.string(); }

    void copy_to(const std::string& path, std::uint64_t begin_ps) const {
        OutputFile target(path);
        if (names_fst_file(path)) {
            target.stream() << std::ifstream(converted(begin_ps), std::ios::binary).rdbuf();
        } else {
            write_dump(target.stream(), begin_ps);
        }
        target.commit();
    }

  private:
    /// The waves as an FST file; its path.
    [[nodiscard]] std::string converted(std::uint64_t begin_ps) const {
        const std::string dump_path = stem() + "-to-convert.vcd";
        std::ofstream dump(dump_path, std::ios::binary);
        // Without a date the converter would take today's.
        dump << "$date\nnone: equal runs give equal files\n$end\n";
        write_dump(dump, begin_ps);
        dump.close();
        if (!dump) {
            throw InputError(
                fmt::format("{}: not all was written, expected room for it", dump_path));
        }
        convert_to_fst(dump_path, stem() + ".fst");
        return stem() + ".fst";
    }

    /// Without the date, which the kernel writes first: equal runs give equal files. With the time
    /// of the initial values, which the kernel leaves out.
    void write_dump(std::ostream& target, std::uint64_t begin_ps) const {
        std::ifstream source(stem() + ".vcd", std::ios::binary);
        std::string line;
        while (std::getline(source, line) && line != "$end") {
        }
        while (std::getline(source >> std::ws, line)) {
            if (line == "$dumpvars") {
                target << '#' << begin_ps << '\n';
            }
            target << line << '\n';
        }
    }

    static std::filesystem::path make_directory() {
        std::string name = (std::filesystem::temp_directory_path() / "mmusim-XXXXXX").string();
        if (mkdtemp(name.data()) == nullptr) {
            throw InputError(fmt::format("{}: cannot make a temporary folder for the waves", name));
        }
        return name;
    }

    std::filesystem::path stem_;
};

struct CloseTraceFile {
    void operator()(sc_core::sc_trace_file* file) const { sc_core::sc_close_vcd_trace_file(file); }
};

std::uint64_t picoseconds(const hw::ClockModule& clock, Cycles time) {
    return clock.to_time(time).value() / sc_core::sc_time(1, sc_core::SC_PS).value();
}

// That cycle, or the last that the kernel can count to: no simulation comes so far.
Cycles within_reach(const hw::ClockModule& clock, Cycles time) {
    return std::min(time, clock.to_cycles(sc_core::sc_max_time()) - Cycles{1});
}

// Runs as long as the present cycle is before `end`. Where nothing is left to do, time stands still
// or goes on to there, as the policy says.
void run_until(const hw::ClockModule& clock, Cycles end, sc_core::sc_starvation_policy policy) {
    const sc_core::sc_time stop = clock.to_time(end);
    const sc_core::sc_time& now = sc_core::sc_time_stamp();
    const sc_core::sc_time instant = sc_core::sc_get_time_resolution();
    if (stop > now + instant) {
        sc_core::sc_start(stop - now - instant, policy);
    }
}

// Runs to the end of the window, or of the simulation if that comes first, and to the end of that
// cycle: the kernel writes the values of one time when it leaves it for another.
void run_window(const hw::ClockModule& clock, std::optional<Cycles> to) {
    if (to) {
        run_until(clock, within_reach(clock, *to) + Cycles{1}, sc_core::SC_EXIT_ON_STARVATION);
    } else {
        sc_core::sc_start();
    }
    const Cycles last = to && sc_core::sc_pending_activity() ? *to : clock.now();
    run_until(clock, last + Cycles{1}, sc_core::SC_RUN_TO_TIME);
}

}  // namespace

void run_with_waves(SystemModule& system, const WaveWindow& window) {
    const ScratchWaves scratch;
    system.prepare_waves();
    run_until(system.clock(), within_reach(system.clock(), window.from), sc_core::SC_RUN_TO_TIME);
    if (!sc_core::sc_pending_activity() && window.from > Cycles{0}) {
        throw InputError(
            fmt::format("--vcd-from {}: the simulation ends at cycle {}, expected an earlier cycle",
                        window.from, system.clock().now()));
    }

    std::unique_ptr<sc_core::sc_trace_file, CloseTraceFile> file(
        sc_core::sc_create_vcd_trace_file(scratch.stem().c_str()));
    file->set_time_unit(1, sc_core::SC_PS);
    system.trace(file.get());
    run_window(system.clock(), window.to);
    file.reset();
    if (sc_core::sc_pending_activity()) {
        sc_core::sc_start();
    }
    // Only of a simulation that went well.
    system.clock().rethrow_failure();
    scratch.copy_to(window.path, picoseconds(system.clock(), window.from));
}

}  // namespace mmusim::tb

// SPDX-License-Identifier: Apache-2.0
#include "tb/system/wave_window.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <memory>
#include <system_error>

#include "hw/base/problems.hpp"
#include "tb/output/output_file.hpp"

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

    void copy_to(const std::string& path) const {
        OutputFile target(path);
        std::ifstream source(stem() + ".vcd", std::ios::binary);
        target.stream() << source.rdbuf();
        target.commit();
    }

  private:
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

// Runs as long as the present cycle is before `end`.
void run_until(const hw::ClockModule& clock, Cycles end) {
    const sc_core::sc_time stop = clock.to_time(end);
    const sc_core::sc_time now = sc_core::sc_time_stamp();
    const sc_core::sc_time instant = sc_core::sc_get_time_resolution();
    if (stop > now + instant) {
        sc_core::sc_start(stop - now - instant, sc_core::SC_EXIT_ON_STARVATION);
    }
}

}  // namespace

void run_with_waves(SystemModule& system, const WaveWindow& window) {
    const ScratchWaves scratch;
    run_until(system.clock(), window.from);
    if (!sc_core::sc_pending_activity() && window.from > Cycles{0}) {
        throw InputError(
            fmt::format("--vcd-from {}: the simulation ends at cycle {}, expected an earlier cycle",
                        window.from, system.clock().now()));
    }

    std::unique_ptr<sc_core::sc_trace_file, CloseTraceFile> file(
        sc_core::sc_create_vcd_trace_file(scratch.stem().c_str()));
    file->set_time_unit(1, sc_core::SC_PS);
    system.trace(file.get());
    if (window.to) {
        run_until(system.clock(), *window.to + Cycles{1});
    } else {
        sc_core::sc_start();
    }
    file.reset();
    if (sc_core::sc_pending_activity()) {
        sc_core::sc_start();
    }
    // Only of a simulation that went well.
    system.clock().rethrow_failure();
    scratch.copy_to(window.path);
}

}  // namespace mmusim::tb

// SPDX-License-Identifier: Apache-2.0
#include "tb/workload/script_rehearsal.hpp"

#include "tb/trace/open_trace.hpp"
#include "tb/workload/rehearsal_machine.hpp"
#include "tb/workload/script_executor.hpp"

#include <variant>

namespace mmusim::tb {

void check_traces_readable_twice(const Script& script, std::string_view reader) {
    for (const ScriptStep& step : script.steps) {
        if (const auto* const trace = std::get_if<TraceCommand>(&step.command)) {
            check_readable_twice(trace->path, reader);
        }
    }
}

void rehearse(const Script& script, const Configuration& configuration, const RehearsalEnd& end,
              FutureAccesses& future) {
    check_traces_readable_twice(script, "os.page_replacement = opt");
    RehearsalMachine machine(configuration, end, future);
    ScriptExecutor executor(script, configuration);
    executor.rehearse(machine);
}

}  // namespace mmusim::tb

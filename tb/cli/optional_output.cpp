// SPDX-License-Identifier: Apache-2.0
#include "tb/cli/optional_output.hpp"

#include "tb/cli/output_paths.hpp"

namespace mmusim::tb {

OptionalOutput::OptionalOutput(const std::optional<std::string>& name)
    : takes_standard_output_(name == standard_output) {
    if (name) {
        file_.emplace(file_named(*name));
    }
}

}  // namespace mmusim::tb

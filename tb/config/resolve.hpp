// SPDX-License-Identifier: Apache-2.0
// From what a user gives to one checked configuration.
#pragma once

#include "hw/base/problems.hpp"
#include "tb/config/configuration.hpp"
#include "tb/config/provenance.hpp"

#include <filesystem>
#include <string>
#include <vector>

namespace mmusim::tb {

/// KEY=VALUE, and where it stands.
struct PlacedSetting {
    std::string place;  ///< FILE:LINE
    std::string assignment;
};

/// From the lowest to the highest: each layer replaces what it names in those below it.
struct ConfigurationLayers {
    std::string preset = "default";
    /// JSON with comments, or the results of a run, whose `config` counts. A file that says
    /// `complete: true` replaces every layer below it.
    std::vector<std::filesystem::path> files{};
    /// What a script sets, unless a file says that it is complete.
    std::vector<PlacedSetting> script_settings{};
    /// KEY=VALUE with a dotted key; the value is JSON, or else text.
    std::vector<std::string> settings{};
};

/// Everything that is wrong with a configuration; `what()` has one line for each problem.
class ConfigurationError : public InputError {
  public:
    explicit ConfigurationError(Problems problems);

    [[nodiscard]] const Problems& problems() const { return problems_; }

  private:
    Problems problems_;
};

/// A configuration and where its values come from.
struct ResolvedConfiguration {
    Configuration configuration;
    Provenance provenance;
};

/// The configuration that the layers make together. Throws ConfigurationError.
[[nodiscard]] Configuration resolve(const ConfigurationLayers& layers);

/// The same, with the layers' own words on where each value comes from.
[[nodiscard]] ResolvedConfiguration resolve_with_provenance(const ConfigurationLayers& layers);

/// This configuration with settings over it, each KEY=VALUE. Throws ConfigurationError.
[[nodiscard]] Configuration with_settings(const Configuration& configuration,
                                          const std::vector<std::string>& settings);

}  // namespace mmusim::tb

// SPDX-License-Identifier: Apache-2.0
// Where the values of a configuration come from.
//
// A preset or a configuration file may carry, beside its keys, one object that says so:
//
//     "sources": {
//       "tlbs.l1d": "text: which document or source file says it",
//       "walker.start_cycles": "text",
//       "unverified": ["walker"]
//     }
//
// A text stands for its key and every key below it that has none of its own. `unverified` names
// keys, or groups of them, that rest on one secondary figure, an estimate or an assumption.
#pragma once

#include "hw/base/problems.hpp"

#include <nlohmann/json_fwd.hpp>

#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace mmusim::tb {

inline constexpr std::string_view sources_key = "sources";

/// What a layer says of its own values.
struct Sources {
    std::map<std::string, std::string, std::less<>> text_by_key;
    std::vector<std::string> unverified;
};

/// Takes the key `sources` out of a layer. What is wrong in it becomes one of `problems`; `source`
/// begins each of their sentences.
[[nodiscard]] Sources take_sources(nlohmann::json& layer, std::string_view source,
                                   Problems& problems);

/// The dotted keys of all values of a layer, in alphabetical order.
[[nodiscard]] std::vector<std::string> keys_of(const nlohmann::json& layer);

/// Whether `group` is `key` or a group that holds it: "tlbs" and "tlbs.l1d" hold "tlbs.l1d.sets".
[[nodiscard]] bool holds(std::string_view group, std::string_view key);

/// Where each value of a configuration comes from, layer over layer.
class Provenance {
  public:
    /// The values of a preset: their sources are the preset's.
    void add_preset(const std::vector<std::string>& keys, const Sources& sources);
    /// The values of a layer over it; `origin` is what the layer is called.
    void add_layer(const std::vector<std::string>& keys, const Sources& sources,
                   std::string_view origin);
    /// A layer that replaces all below it follows.
    void forget();

    /// The text that was written for this very key, if any.
    [[nodiscard]] std::optional<std::string_view> text_at(std::string_view key) const;
    /// The text that stands for the key: its own or that of the nearest group that holds it.
    [[nodiscard]] std::optional<std::string_view> text_for(std::string_view key) const;
    [[nodiscard]] bool is_unverified(std::string_view key) const {
        return unverified_.contains(key);
    }
    /// The layer over the preset that gave the value, if one did.
    [[nodiscard]] std::optional<std::string_view> layer_of(std::string_view key) const;
    /// Whether no layer names the value, so that it is what every machine begins with.
    [[nodiscard]] bool is_default(std::string_view key) const {
        return !origin_by_key_.contains(key);
    }

  private:
    std::map<std::string, std::string, std::less<>> text_by_key_;
    std::map<std::string, std::string, std::less<>> origin_by_key_;
    std::set<std::string, std::less<>> unverified_;
};

}  // namespace mmusim::tb

// SPDX-License-Identifier: Apache-2.0
#include "tb/config/configuration_keys.hpp"

#include "tb/config/allowed_values.hpp"
#include "tb/config/parameter_json.hpp"

#include <fmt/format.h>

#include <cstddef>
#include <set>

namespace mmusim::tb {

namespace {

class Describer {
  public:
    [[nodiscard]] std::vector<KeyDescription> take() { return std::move(descriptions_); }

    template <HasFields Parameters>
    void describe_members(const std::string& prefix, const Parameters& parameters) {
        for_each_field<Parameters>([&](const auto& field) {
            describe_one(prefix + std::string{field.name}, parameters.*field.member, field);
        });
    }

  private:
    template <typename Value, typename FieldType>
    void describe_one(const std::string& key, const Value& value, const FieldType& field) {
        if constexpr (HasFields<Value>) {
            describe_members(key + '.', value);
        } else {
            descriptions_.push_back({.key = key,
                                     .value = parameter_json(value).dump(),
                                     .allowed_values = allowed_values<Value>(key, field.range),
                                     .description = field.description});
        }
    }

    template <typename Parameters, typename FieldType>
    void describe_one(const std::string& key, const NamedParts<Parameters>& parts,
                      const FieldType& /*field*/) {
        for (const auto& [name, parameters] : parts) {
            describe_members(fmt::format("{}.{}.", key, name), parameters);
        }
    }

    std::vector<KeyDescription> descriptions_;
};

}  // namespace

std::vector<KeyDescription> describe(const Configuration& configuration) {
    Describer describer;
    describer.describe_members("", configuration);
    return describer.take();
}

std::vector<std::string> known_keys(const Configuration& configuration) {
    std::set<std::string> keys;
    for_each_field<Configuration>([&](const auto& field) { keys.emplace(field.name); });
    for (const KeyDescription& parameter : describe(configuration)) {
        keys.insert(parameter.key);
        for (std::size_t dot = parameter.key.find('.'); dot != std::string::npos;
             dot = parameter.key.find('.', dot + 1)) {
            keys.insert(parameter.key.substr(0, dot));
        }
    }
    return {keys.begin(), keys.end()};
}

}  // namespace mmusim::tb

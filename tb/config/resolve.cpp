// SPDX-License-Identifier: Apache-2.0
#include "tb/config/resolve.hpp"

#include "tb/config/configuration_check.hpp"
#include "tb/config/configuration_reader.hpp"
#include "tb/config/json_document.hpp"
#include "tb/config/result_schema.hpp"
#include "tb/config/shown_value.hpp"
#include "tb/presets/presets.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <nlohmann/json.hpp>

#include <cstddef>
#include <string_view>
#include <utility>

namespace mmusim::tb {

namespace {

using nlohmann::json;

[[nodiscard]] bool is_result(const json& document) {
    const auto schema = document.is_object() ? document.find("schema") : document.end();
    return schema != document.end() && *schema == result_schema;
}

class Resolver {
  public:
    Resolver() = default;
    explicit Resolver(Configuration configuration) : configuration_(std::move(configuration)) {}

    void apply_preset(const std::string& name) {
        const Preset& preset = preset_named(name);
        const std::string source = fmt::format("preset {}", name);
        json document = parse_json(preset.text, source);
        const Sources sources = take_sources(document, source + ": ", problems_);
        provenance_.add_preset(keys_of(document), sources);
        apply_layer(configuration_, document, source + ": ", problems_);
    }

    void apply_file(const std::filesystem::path& path) {
        const std::string source = path.string() + ": ";
        json document;
        try {
            document = read_json_file(path);
        } catch (const InputError& error) {
            miss_layer(error.what());
            return;
        }
        if (is_result(document)) {
            const auto config = document.find("config");
            if (config == document.end()) {
                miss_layer(fmt::format("{}config: is missing from these results", source));
                return;
            }
            json inner = std::move(*config);
            document = std::move(inner);
        }
        take_schema(document, source);
        if (take_complete(document, source)) {
            configuration_ = Configuration{};
            complete_ = true;
            provenance_.forget();
        }
        const Sources sources = take_sources(document, source, problems_);
        provenance_.add_layer(keys_of(document), sources, path.string());
        apply_layer(configuration_, document, source, problems_);
    }

    void apply_script_setting(const PlacedSetting& setting) {
        if (!complete_) {
            apply_assignment(setting.assignment, setting.place + ": set", setting.place + ": ");
        }
    }

    void apply_setting(std::string_view setting) { apply_assignment(setting, "--set", ""); }

    [[nodiscard]] ResolvedConfiguration finish() {
        // Where a layer could not be read, what the others lack may well be in it.
        if (every_layer_read_) {
            const Problems whole = check(configuration_);
            problems_.insert(problems_.end(), whole.begin(), whole.end());
        }
        if (!problems_.empty()) {
            throw ConfigurationError(std::move(problems_));
        }
        return {.configuration = std::move(configuration_), .provenance = std::move(provenance_)};
    }

  private:
    // `told_as` is how the user set it, `source` what problems of the value begin with.
    void apply_assignment(std::string_view setting, const std::string& told_as,
                          const std::string& source) {
        const std::size_t equals = setting.find('=');
        if (equals == std::string_view::npos) {
            miss_layer(fmt::format("{} {}: expected KEY=VALUE", told_as, shortened(setting)));
            return;
        }
        const std::string_view key = setting.substr(0, equals);
        try {
            const json layer = nested(key, value_of(key, setting.substr(equals + 1), told_as));
            provenance_.add_layer(keys_of(layer), {},
                                  fmt::format("{} {}", told_as, shortened(setting)));
            apply_layer(configuration_, layer, source, problems_);
        } catch (const InputError& error) {
            miss_layer(error.what());
        }
    }

    void miss_layer(std::string problem) {
        problems_.push_back(std::move(problem));
        every_layer_read_ = false;
    }

    /// Takes out of a layer the key by which an editor finds the schema.
    void take_schema(json& document, std::string_view source) {
        const auto schema = document.is_object() ? document.find("$schema") : document.end();
        if (schema == document.end()) {
            return;
        }
        if (!schema->is_string()) {
            problems_.push_back(
                fmt::format("{}$schema = {}: must be a text", source, shown_value(*schema)));
        }
        document.erase("$schema");
    }

    /// Takes the key `complete` out of a layer: whether it is there and true.
    [[nodiscard]] bool take_complete(json& document, std::string_view source) {
        const auto complete = document.is_object() ? document.find("complete") : document.end();
        if (complete == document.end()) {
            return false;
        }
        const json value = std::move(*complete);
        document.erase("complete");
        if (!value.is_boolean()) {
            problems_.push_back(
                fmt::format("{}complete = {}: must be true or false", source, shown_value(value)));
            return false;
        }
        return value.get<bool>();
    }

    // JSON, or else text: what plainly begins as JSON is not text.
    [[nodiscard]] static json value_of(std::string_view key, std::string_view text,
                                       const std::string& told_as) {
        constexpr std::string_view beginnings_of_json = "{[\"";
        try {
            return parse_json(text, fmt::format("{} {}", told_as, shortened(key)));
        } catch (const InputError&) {
            const std::size_t first = text.find_first_not_of(" \t\n");
            if (first != std::string_view::npos &&
                beginnings_of_json.find(text[first]) != std::string_view::npos) {
                throw;
            }
            return text;
        }
    }

    // a.b = v as {"a": {"b": v}}
    [[nodiscard]] static json nested(std::string_view key, json value) {
        while (true) {
            const std::size_t dot = key.rfind('.');
            const std::size_t name_begin = dot == std::string_view::npos ? 0 : dot + 1;
            auto object = json::object();
            object[std::string{key.substr(name_begin)}] = std::move(value);
            if (dot == std::string_view::npos) {
                return object;
            }
            value = std::move(object);
            key = key.substr(0, dot);
        }
    }

    Configuration configuration_;
    Provenance provenance_;
    Problems problems_;
    bool every_layer_read_ = true;
    bool complete_ = false;  // a file named every value
};

}  // namespace

ConfigurationError::ConfigurationError(Problems problems)
    : InputError(fmt::format("{}", fmt::join(problems, "\n"))), problems_(std::move(problems)) {}

Configuration resolve(const ConfigurationLayers& layers) {
    return resolve_with_provenance(layers).configuration;
}

ResolvedConfiguration resolve_with_provenance(const ConfigurationLayers& layers) {
    Resolver resolver;
    resolver.apply_preset(layers.preset);
    for (const std::filesystem::path& file : layers.files) {
        resolver.apply_file(file);
    }
    for (const PlacedSetting& setting : layers.script_settings) {
        resolver.apply_script_setting(setting);
    }
    for (const std::string& setting : layers.settings) {
        resolver.apply_setting(setting);
    }
    return resolver.finish();
}

Configuration with_settings(const Configuration& configuration,
                            const std::vector<std::string>& settings) {
    Resolver resolver(configuration);
    for (const std::string& setting : settings) {
        resolver.apply_setting(setting);
    }
    return resolver.finish().configuration;
}

}  // namespace mmusim::tb

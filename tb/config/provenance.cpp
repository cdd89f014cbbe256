// SPDX-License-Identifier: Apache-2.0
#include "tb/config/provenance.hpp"

#include "tb/config/shown_value.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <utility>

namespace mmusim::tb {

namespace {

using nlohmann::json;

constexpr std::string_view unverified_key = "unverified";
constexpr std::string_view preset_origin{};

class SourcesReader {
  public:
    SourcesReader(std::string_view source, Problems& problems)
        : source_(source), problems_(problems) {}

    [[nodiscard]] Sources read(const json& value) {
        Sources sources;
        if (!value.is_object()) {
            refuse(std::string{sources_key}, value, "an object of keys and texts");
            return sources;
        }
        for (auto member = value.begin(); member != value.end(); ++member) {
            const std::string key = fmt::format("{}.{}", sources_key, member.key());
            if (member.key() == unverified_key) {
                sources.unverified = keys(key, member.value());
            } else if (member.value().is_string()) {
                sources.text_by_key[member.key()] = member.value().get<std::string>();
            } else {
                refuse(key, member.value(), "a text");
            }
        }
        return sources;
    }

  private:
    [[nodiscard]] std::vector<std::string> keys(const std::string& key, const json& value) {
        const auto is_text = [](const json& element) { return element.is_string(); };
        if (!value.is_array() || !std::all_of(value.begin(), value.end(), is_text)) {
            refuse(key, value, "a list of keys");
            return {};
        }
        return value.get<std::vector<std::string>>();
    }

    void refuse(const std::string& key, const json& value, std::string_view allowed) {
        problems_.push_back(fmt::format("{}{} = {}: must be {}", source_, shortened(key),
                                        shown_value(value), allowed));
    }

    std::string_view source_;
    Problems& problems_;
};

// No parameter lies as deep. What is deeper is not followed: no layer is too deep to be read.
constexpr unsigned deepest_group = 8;

void collect_keys(const std::string& group, const json& layer, unsigned depth,
                  std::vector<std::string>& keys) {
    for (auto member = layer.begin(); member != layer.end(); ++member) {
        const std::string key =
            group.empty() ? member.key() : fmt::format("{}.{}", group, member.key());
        if (member.value().is_object() && depth < deepest_group) {
            collect_keys(key, member.value(), depth + 1, keys);
        } else {
            keys.push_back(key);
        }
    }
}

}  // namespace

Sources take_sources(json& layer, std::string_view source, Problems& problems) {
    const auto found = layer.is_object() ? layer.find(sources_key) : layer.end();
    if (found == layer.end()) {
        return {};
    }
    const json value = std::move(*found);
    layer.erase(found);
    return SourcesReader(source, problems).read(value);
}

std::vector<std::string> keys_of(const json& layer) {
    std::vector<std::string> keys;
    if (layer.is_object()) {
        collect_keys("", layer, 0, keys);
    }
    return keys;
}

bool holds(std::string_view group, std::string_view key) {
    return key == group || (key.starts_with(group) && key[group.size()] == '.');
}

void Provenance::add_preset(const std::vector<std::string>& keys, const Sources& sources) {
    add_layer(keys, sources, preset_origin);
}

void Provenance::add_layer(const std::vector<std::string>& keys, const Sources& sources,
                           std::string_view origin) {
    for (const auto& [key, text] : sources.text_by_key) {
        text_by_key_[key] = text;
    }
    for (const std::string& key : keys) {
        origin_by_key_[key] = origin;
        const bool unverified =
            std::any_of(sources.unverified.begin(), sources.unverified.end(),
                        [&key](const std::string& group) { return holds(group, key); });
        if (unverified) {
            unverified_.insert(key);
        } else {
            unverified_.erase(key);
        }
    }
}

void Provenance::forget() {
    *this = Provenance{};
}

std::optional<std::string_view> Provenance::text_at(std::string_view key) const {
    const auto found = text_by_key_.find(key);
    if (found == text_by_key_.end()) {
        return std::nullopt;
    }
    return found->second;
}

std::optional<std::string_view> Provenance::text_for(std::string_view key) const {
    while (true) {
        if (const auto text = text_at(key)) {
            return text;
        }
        const std::size_t dot = key.rfind('.');
        if (dot == std::string_view::npos) {
            return std::nullopt;
        }
        key = key.substr(0, dot);
    }
}

std::optional<std::string_view> Provenance::layer_of(std::string_view key) const {
    const auto found = origin_by_key_.find(key);
    if (found == origin_by_key_.end() || found->second == preset_origin) {
        return std::nullopt;
    }
    return found->second;
}

}  // namespace mmusim::tb

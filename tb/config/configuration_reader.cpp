// SPDX-License-Identifier: Apache-2.0
#include "tb/config/configuration_reader.hpp"

#include "hw/base/enumeration.hpp"
#include "hw/base/fields.hpp"
#include "hw/base/page_size.hpp"
#include "hw/base/types.hpp"
#include "tb/config/allowed_values.hpp"
#include "tb/config/configuration_keys.hpp"
#include "tb/config/shown_value.hpp"
#include "tb/text/parse.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <bit>
#include <cmath>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

namespace mmusim::tb {

namespace {

using nlohmann::json;

// 1e6 and 8.0 are whole numbers too. Above 2^53 a floating-point number may stand for several.
[[nodiscard]] std::optional<std::uint64_t> whole_number(const json& value) {
    constexpr double exact_below = 9007199254740992.0;
    if (value.is_number_unsigned()) {
        return value.get<std::uint64_t>();
    }
    if (!value.is_number_float()) {
        return std::nullopt;
    }
    const auto number = value.get<double>();
    if (!(number >= 0 && number < exact_below) || std::trunc(number) != number) {
        return std::nullopt;
    }
    return static_cast<std::uint64_t>(number);
}

[[nodiscard]] std::optional<std::uint64_t> size_in_bytes(const json& value) {
    return value.is_string() ? parse_size(value.get_ref<const std::string&>())
                             : whole_number(value);
}

[[nodiscard]] std::optional<PageSize> page_size(const json& value) {
    const std::optional<std::uint64_t> bytes = size_in_bytes(value);
    if (!bytes || !std::has_single_bit(*bytes) || *bytes < page_bytes) {
        return std::nullopt;
    }
    return PageSize{static_cast<std::uint8_t>(std::countr_zero(*bytes))};
}

template <IsPermutation Permutation>
[[nodiscard]] std::optional<Permutation> permutation(const json& value) {
    using Enumeration = typename Permutation::value_type;
    Permutation result{};
    if (!value.is_array() || value.size() != result.size()) {
        return std::nullopt;
    }
    for (std::size_t i = 0; i < result.size(); ++i) {
        const auto enumerator =
            value[i].is_string()
                ? enumerator_named<Enumeration>(value[i].get_ref<const std::string&>())
                : std::nullopt;
        const auto end = result.begin() + static_cast<std::ptrdiff_t>(i);
        if (!enumerator || std::find(result.begin(), end, *enumerator) != end) {
            return std::nullopt;
        }
        result.at(i) = *enumerator;
    }
    return result;
}

// A name becomes part of dotted keys, of SystemC's names and of the names of waves.
[[nodiscard]] bool is_part_name(std::string_view name) {
    const auto is_letter = [](char letter) {
        return (letter >= 'a' && letter <= 'z') || (letter >= 'A' && letter <= 'Z');
    };
    const auto is_inside_name = [is_letter](char letter) {
        return is_letter(letter) || (letter >= '0' && letter <= '9') || letter == '_';
    };
    return !name.empty() && is_letter(name.front()) &&
           std::all_of(name.begin(), name.end(), is_inside_name);
}

class LayerReader {
  public:
    LayerReader(const Configuration& configuration, std::string_view source, Problems& problems)
        : configuration_(configuration), source_(source), problems_(problems) {}

    template <HasFields Parameters>
    void read(const std::string& key, const json& value, Parameters& parameters,
              Range /*range*/ = {}) {
        if (!value.is_object()) {
            refuse(key, value, "an object of keys and values");
            return;
        }
        for (auto member = value.begin(); member != value.end(); ++member) {
            if (!read_member(key, member.key(), member.value(), parameters)) {
                refuse_unknown(dotted(key, member.key()), member.value());
            }
        }
    }

  private:
    [[nodiscard]] static std::string dotted(const std::string& group, std::string_view name) {
        return group.empty() ? std::string{name} : fmt::format("{}.{}", group, name);
    }

    /// Whether there is such a member.
    template <HasFields Parameters>
    [[nodiscard]] bool read_member(const std::string& group, const std::string& name,
                                   const json& value, Parameters& parameters) {
        bool found = false;
        for_each_field<Parameters>([&](const auto& field) {
            if (field.name == name) {
                found = true;
                read(dotted(group, name), value, parameters.*field.member, field.range);
            }
        });
        return found;
    }

    template <HasFields Parameters>
    void read(const std::string& key, const json& value, NamedParts<Parameters>& parts,
              Range /*range*/) {
        if (!value.is_object()) {
            refuse(key, value, "an object of names and their parameters");
            return;
        }
        for (auto part = value.begin(); part != value.end(); ++part) {
            const std::string part_key = dotted(key, part.key());
            if (!is_part_name(part.key())) {
                refuse(part_key, part.value(), "named by a letter, then letters, digits and _");
            } else if (part.value().is_null()) {
                parts.erase(part.key());
            } else {
                read(part_key, part.value(), parts[part.key()]);
            }
        }
    }

    template <std::unsigned_integral Integer>
    void read(const std::string& key, const json& value, Integer& target, Range range) {
        const Range allowed = range_within<Integer>(range);
        const auto number = takes_sizes(key) ? size_in_bytes(value) : whole_number(value);
        if (!number || *number < allowed.minimum || *number > allowed.maximum) {
            refuse(key, value, allowed_values<Integer>(key, range));
            return;
        }
        target = static_cast<Integer>(*number);
    }

    void read(const std::string& key, const json& value, Cycles& target, Range range) {
        read(key, value, target.value, range_within<Cycles>(range));
    }

    void read(const std::string& key, const json& value, bool& target, Range range) {
        if (!value.is_boolean()) {
            refuse(key, value, allowed_values<bool>(key, range));
            return;
        }
        target = value.get<bool>();
    }

    void read(const std::string& key, const json& value, std::string& target, Range range) {
        if (!value.is_string()) {
            refuse(key, value, allowed_values<std::string>(key, range));
            return;
        }
        target = value.get<std::string>();
    }

    template <NamedEnumeration Enumeration>
    void read(const std::string& key, const json& value, Enumeration& target, Range range) {
        const auto enumerator =
            value.is_string() ? enumerator_named<Enumeration>(value.get_ref<const std::string&>())
                              : std::nullopt;
        if (!enumerator) {
            refuse(key, value, allowed_values<Enumeration>(key, range));
            return;
        }
        target = *enumerator;
    }

    template <IsPermutation Permutation>
    void read(const std::string& key, const json& value, Permutation& target, Range range) {
        const auto parsed = permutation<Permutation>(value);
        if (!parsed) {
            refuse(key, value, allowed_values<Permutation>(key, range));
            return;
        }
        target = *parsed;
    }

    /// One size may stand without a list around it.
    void read(const std::string& key, const json& value, std::vector<PageSize>& target,
              Range /*range*/) {
        std::vector<PageSize> sizes;
        const auto add = [&](const std::string& size_key, const json& size) {
            if (const std::optional<PageSize> known = page_size(size)) {
                sizes.push_back(*known);
                return true;
            }
            refuse(size_key, size, "a page size, as 4KiB or 2MiB");
            return false;
        };
        bool complete = true;
        if (value.is_array()) {
            for (std::size_t i = 0; i < value.size(); ++i) {
                complete = add(fmt::format("{}[{}]", key, i), value[i]) && complete;
            }
        } else {
            complete = add(key, value);
        }
        if (complete) {
            target = std::move(sizes);
        }
    }

    void add_problem(std::string_view key, const json& value, std::string_view what) {
        problems_.push_back(
            fmt::format("{}{} = {}: {}", source_, shortened(key), shown_value(value), what));
    }

    void refuse(std::string_view key, const json& value, std::string_view allowed) {
        add_problem(key, value, fmt::format("must be {}", allowed));
    }

    // An object under an unknown key is followed down while there is only one way to go, so that
    // `tlb.l1d.sets` is compared whole.
    void refuse_unknown(std::string key, const json& value) {
        const json* innermost = &value;
        while (innermost->is_object() && innermost->size() == 1 && key.size() < longest_shown) {
            key += '.' + innermost->begin().key();
            innermost = &innermost->begin().value();
        }
        const std::vector<std::string> known = known_keys(configuration_);
        const std::vector<std::string_view> names(known.begin(), known.end());
        const auto nearest = key.size() < longest_shown ? nearest_name(key, names) : std::nullopt;
        add_problem(key, *innermost,
                    nearest ? fmt::format("no such key; the nearest is {}", *nearest)
                            : std::string{"no such key"});
    }

    const Configuration& configuration_;
    std::string_view source_;
    Problems& problems_;
};

}  // namespace

void apply_layer(Configuration& configuration, const nlohmann::json& layer, std::string_view source,
                 Problems& problems) {
    LayerReader reader(configuration, source, problems);
    if (!layer.is_object()) {
        problems.push_back(
            fmt::format("{}{}: must be an object of keys and values", source, shown_value(layer)));
        return;
    }
    reader.read("", layer, configuration);
}

}  // namespace mmusim::tb

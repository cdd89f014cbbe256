// SPDX-License-Identifier: Apache-2.0
// One statistic of any type, or a struct of them, as JSON.
#pragma once

#include "hw/base/enumeration.hpp"
#include "hw/base/fields.hpp"
#include "hw/base/latency_histogram.hpp"
#include "hw/base/page_size.hpp"
#include "hw/base/types.hpp"

#include <nlohmann/json.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace mmusim::tb {

[[nodiscard]] inline nlohmann::ordered_json statistics_json(std::uint64_t count) {
    return count;
}

[[nodiscard]] inline nlohmann::ordered_json statistics_json(bool fact) {
    return fact;
}

[[nodiscard]] inline nlohmann::ordered_json statistics_json(const std::string& text) {
    return text;
}

[[nodiscard]] inline nlohmann::ordered_json statistics_json(Cycles duration) {
    return duration.value;
}

[[nodiscard]] inline nlohmann::ordered_json statistics_json(Asid asid) {
    return asid.value;
}

template <NamedEnumeration Enumeration>
[[nodiscard]] nlohmann::ordered_json statistics_json(Enumeration enumerator) {
    return name_of(enumerator);
}

/// The enumerator's name, or null.
template <NamedEnumeration Enumeration>
[[nodiscard]] nlohmann::ordered_json statistics_json(std::optional<Enumeration> enumerator) {
    return enumerator ? nlohmann::ordered_json(name_of(*enumerator)) : nullptr;
}

/// The count, or null.
[[nodiscard]] inline nlohmann::ordered_json statistics_json(std::optional<std::uint64_t> count) {
    return count ? nlohmann::ordered_json(*count) : nullptr;
}

/// Its buckets, as [low, high, count].
[[nodiscard]] inline nlohmann::ordered_json statistics_json(const hw::LatencyHistogram& histogram) {
    auto buckets = nlohmann::ordered_json::array();
    for (const hw::LatencyHistogram::Bucket& bucket : histogram.buckets()) {
        buckets.push_back({bucket.low.value, bucket.high.value, bucket.count});
    }
    return buckets;
}

template <std::size_t size>
[[nodiscard]] nlohmann::ordered_json statistics_json(
    const std::array<std::uint64_t, size>& counts) {
    return counts;
}

[[nodiscard]] inline nlohmann::ordered_json statistics_json(
    const std::vector<std::uint64_t>& counts) {
    return counts;
}

/// Rows of a table.
[[nodiscard]] inline nlohmann::ordered_json statistics_json(
    const std::vector<std::vector<std::uint64_t>>& rows) {
    return rows;
}

template <std::size_t size>
[[nodiscard]] nlohmann::ordered_json statistics_json(
    const std::vector<std::array<std::uint64_t, size>>& rows) {
    return rows;
}

template <NamedEnumeration Enumeration, typename Value>
[[nodiscard]] nlohmann::ordered_json statistics_json(
    const PerEnumerator<Enumeration, Value>& values) {
    auto object = nlohmann::ordered_json::object();
    for (std::size_t index = 0; index < values.values.size(); ++index) {
        object[std::string{names_of<Enumeration>[index]}] = statistics_json(values.values[index]);
    }
    return object;
}

template <HasFields Statistics>
[[nodiscard]] nlohmann::ordered_json statistics_json(
    const std::map<PageSize, Statistics>& by_page_size);

template <HasFields Statistics>
[[nodiscard]] nlohmann::ordered_json statistics_json(const std::optional<Statistics>& statistics);

template <HasFields Statistics>
[[nodiscard]] nlohmann::ordered_json statistics_json(const std::vector<Statistics>& list);

template <HasFields Statistics>
[[nodiscard]] nlohmann::ordered_json statistics_json(const Statistics& statistics) {
    auto object = nlohmann::ordered_json::object();
    for_each_field<Statistics>([&](const auto& field) {
        object[std::string{field.name}] = statistics_json(statistics.*field.member);
    });
    return object;
}

/// The figures of a part that may be missing, or null.
template <HasFields Statistics>
[[nodiscard]] nlohmann::ordered_json statistics_json(const std::optional<Statistics>& statistics) {
    return statistics ? statistics_json(*statistics) : nullptr;
}

template <HasFields Statistics>
[[nodiscard]] nlohmann::ordered_json statistics_json(
    const std::map<PageSize, Statistics>& by_page_size) {
    auto object = nlohmann::ordered_json::object();
    for (const auto& [size, statistics] : by_page_size) {
        object[to_text(size)] = statistics_json(statistics);
    }
    return object;
}

template <HasFields Statistics>
[[nodiscard]] nlohmann::ordered_json statistics_json(const std::vector<Statistics>& list) {
    auto array = nlohmann::ordered_json::array();
    for (const Statistics& statistics : list) {
        array.push_back(statistics_json(statistics));
    }
    return array;
}

}  // namespace mmusim::tb

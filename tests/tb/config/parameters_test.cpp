// SPDX-License-Identifier: Apache-2.0
#include "hw/base/fields.hpp"
#include "tb/config/allowed_values.hpp"
#include "tb/config/configuration_keys.hpp"
#include "tb/config/resolve.hpp"

#include <catch2/catch.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <concepts>
#include <string>
#include <vector>

namespace mmusim::tb::parameters_test {

namespace {

struct Change {
    std::string key;
    std::string value;  ///< as JSON
};

// Another value that the parameter may take, the same one where there is no other. Sizes and
// addresses move by what keeps them in step with each other.
template <typename Value>
[[nodiscard]] std::string another_value(const std::string& key, const Value& value, Range range) {
    if constexpr (std::same_as<Value, bool>) {
        return fmt::format("{}", !value);
    } else if constexpr (NamedEnumeration<Value>) {
        const auto other = (static_cast<std::size_t>(value) + 1) % enumerator_count<Value>;
        return fmt::format("\"{}\"", names_of<Value>[other]);
    } else if constexpr (std::same_as<Value, std::string>) {
        const bool ends_a_chain = key.ends_with(".next");
        return !ends_a_chain ? "\"l2\"" : key.starts_with("tlbs") ? "\"walker\"" : "\"memory\"";
    } else if constexpr (std::same_as<Value, std::vector<PageSize>>) {
        return "[\"4KiB\"]";
    } else if constexpr (IsPermutation<Value>) {
        return R"(["row","rank","column","bank","channel"])";
    } else if constexpr (std::same_as<Value, Cycles>) {
        return fmt::format("{}", value.value + 1);
    } else {
        const Range allowed = range_within<Value>(range);
        const std::uint64_t number = value;
        const std::uint64_t larger = key.ends_with("_bytes")     ? 2 * number
                                     : key.ends_with("_address") ? number + page_bytes
                                                                 : number + 1;
        return fmt::format(
            "{}", larger <= allowed.maximum ? larger : std::max(number - 1, allowed.minimum));
    }
}

class Changes {
  public:
    template <HasFields Parameters>
    void add(const std::string& prefix, const Parameters& parameters) {
        for_each_field<Parameters>([&](const auto& field) {
            add_one(prefix + std::string{field.name}, parameters.*field.member, field.range);
        });
    }

    std::vector<Change> list;

  private:
    template <typename Value>
    void add_one(const std::string& key, const Value& value, Range range) {
        if constexpr (HasFields<Value>) {
            add(key + '.', value);
        } else {
            list.push_back({.key = key, .value = another_value(key, value, range)});
        }
    }

    template <typename Part>
    void add_one(const std::string& key, const NamedParts<Part>& parts, Range /*range*/) {
        for (const auto& [name, part] : parts) {
            add(fmt::format("{}.{}.", key, name), part);
        }
    }
};

[[nodiscard]] std::string value_of(const std::string& key, const Configuration& configuration) {
    const std::vector<KeyDescription> all = describe(configuration);
    const auto found = std::find_if(all.begin(), all.end(),
                                    [&](const KeyDescription& row) { return row.key == key; });
    return found == all.end() ? "not there" : found->value;
}

}  // namespace

TEST_CASE("every parameter can be set alone, and is then what was set") {
    const std::vector<std::string> caches{R"(caches.l1.next="l2")", "caches.l2.sets=128"};
    const auto with_caches = [&](std::vector<std::string> settings) {
        settings.insert(settings.begin(), caches.begin(), caches.end());
        return resolve({.preset = "plain", .settings = settings});
    };
    Changes changes;
    changes.add("", with_caches({}));
    REQUIRE(changes.list.size() == describe(with_caches({})).size());

    // A TLB above, and a format with such pages.
    const auto needs_others = [](const std::string& key) {
        return key == "tlbs.l1d.same_level" || key == "tlbs.l1i.same_level" ||
               key == "os.hugetlb.pages_4mib";
    };
    for (const Change& change : changes.list) {
        INFO(change.key << '=' << change.value);
        if (needs_others(change.key)) {
            continue;
        }
        const Configuration configuration = with_caches({change.key + '=' + change.value});
        CHECK(value_of(change.key, configuration) == change.value);
    }
}

TEST_CASE("setting one parameter changes no other") {
    const std::vector<KeyDescription> before = describe(resolve({.preset = "plain"}));
    const std::vector<KeyDescription> after =
        describe(resolve({.preset = "plain", .settings = {"tlbs.l1d.ways=2"}}));
    REQUIRE(before.size() == after.size());
    for (std::size_t i = 0; i < before.size(); ++i) {
        CHECK((before[i].value == after[i].value || before[i].key == "tlbs.l1d.ways"));
    }
}

TEST_CASE("every parameter says what it is") {
    for (const KeyDescription& parameter : describe(resolve({.preset = "plain"}))) {
        INFO(parameter.key);
        CHECK_FALSE(parameter.description.empty());
        CHECK_FALSE(parameter.allowed_values.empty());
    }
}

TEST_CASE("the known keys are the parameters and their groups") {
    const std::vector<std::string> keys = known_keys(resolve({.preset = "plain"}));
    const auto known = [&](const std::string& key) {
        return std::find(keys.begin(), keys.end(), key) != keys.end();
    };
    CHECK(known("tlbs"));
    CHECK(known("tlbs.l1d"));
    CHECK(known("tlbs.l1d.sets"));
    CHECK(known("os.scheduler"));
    CHECK(known("caches"));
    CHECK_FALSE(known("complete"));
}

}  // namespace mmusim::tb::parameters_test

// SPDX-License-Identifier: Apache-2.0
#include "tb/workload/generators.hpp"

#include "hw/base/problems.hpp"
#include "tb/text/parse.hpp"
#include "tb/workload/patterns.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <limits>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace mmusim::tb {

namespace {

constexpr std::string_view prefix = "generate:";

// A chain keeps 4 bytes per node on the host.
constexpr std::uint64_t most_nodes = std::uint64_t{1} << 26U;

/// So many accesses of a pattern.
template <typename Pattern>
class Generator final : public AccessSource {
  public:
    Generator(Pattern pattern, std::uint64_t accesses)
        : pattern_(std::move(pattern)), left_(accesses) {
        batch_.reserve(batch_capacity);
    }

    [[nodiscard]] std::span<const Access> next_batch() override {
        batch_.clear();
        const std::uint64_t count = std::min<std::uint64_t>(left_, batch_capacity);
        left_ -= count;
        while (batch_.size() < count) {
            batch_.push_back(pattern_.next());
        }
        return batch_;
    }

  private:
    static constexpr std::size_t batch_capacity = 4096;

    Pattern pattern_;
    std::uint64_t left_;
    std::vector<Access> batch_;
};

template <typename Pattern>
[[nodiscard]] std::unique_ptr<AccessSource> make(const GeneratorParameters& parameters) {
    return std::make_unique<Generator<Pattern>>(Pattern(parameters), parameters.accesses);
}

[[nodiscard]] std::unique_ptr<AccessSource> make_sequential(const GeneratorParameters& parameters) {
    return std::make_unique<Generator<StridePattern>>(StridePattern(parameters, access_bytes),
                                                      parameters.accesses);
}

[[nodiscard]] std::unique_ptr<AccessSource> make_stride(const GeneratorParameters& parameters) {
    return std::make_unique<Generator<StridePattern>>(StridePattern(parameters, parameters.stride),
                                                      parameters.accesses);
}

constexpr std::array<std::string_view, 4> common_keys{"accesses", "footprint", "at", "seed"};
constexpr std::array<std::string_view, 1> mix_keys{"write_percent"};
constexpr std::array<std::string_view, 2> stride_keys{"stride", "write_percent"};
constexpr std::array<std::string_view, 1> chase_keys{"node"};

constexpr std::array<GeneratorDescription, 6> descriptions{
    {{.name = "sequential",
      .description = "one word after the other, again and again",
      .own_keys = mix_keys,
      .make = make_sequential},
     {.name = "stride",
      .description = "words a fixed distance apart, again and again",
      .own_keys = stride_keys,
      .make = make_stride},
     {.name = "random",
      .description = "every word equally likely",
      .own_keys = mix_keys,
      .make = make<RandomPattern>},
     {.name = "chase",
      .description = "a linked list through all nodes in random order: reads that depend on reads",
      .own_keys = chase_keys,
      .make = make<ChasePattern>},
     {.name = "gups",
      .description = "a random word is read and written, again and again",
      .own_keys = {},
      .make = make<GupsPattern>},
     {.name = "zipf",
      .description = "pages by Zipf's law: the k-th most popular 1/k times as often as the first",
      .own_keys = mix_keys,
      .make = make<ZipfPattern>}}};

[[noreturn]] void fail(std::string_view argument, std::string_view problem) {
    throw InputError(fmt::format("{}: {}", argument, problem));
}

[[noreturn]] void fail_unknown(std::string_view argument, std::string_view what,
                               std::string_view name, std::span<const std::string_view> known) {
    const auto nearest = nearest_name(name, known);
    const std::string hint = nearest ? fmt::format("; did you mean {}?", *nearest) : "";
    fail(argument, fmt::format("unknown {} \"{}\", expected one of {}{}", what, name,
                               fmt::join(known, ", "), hint));
}

/// The part up to the next comma, which is removed with it.
[[nodiscard]] std::string_view take_part(std::string_view& text) {
    const std::string_view part = text.substr(0, text.find(','));
    text.remove_prefix(std::min(part.size() + 1, text.size()));
    return part;
}

[[nodiscard]] const GeneratorDescription& generator_named(std::string_view argument,
                                                          std::string_view name) {
    std::vector<std::string_view> known;
    for (const GeneratorDescription& description : descriptions) {
        if (description.name == name) {
            return description;
        }
        known.push_back(description.name);
    }
    fail_unknown(argument, "generator", name, known);
}

[[nodiscard]] std::vector<std::string_view> keys_of(const GeneratorDescription& description) {
    std::vector<std::string_view> keys(common_keys.begin(), common_keys.end());
    keys.insert(keys.end(), description.own_keys.begin(), description.own_keys.end());
    return keys;
}

[[nodiscard]] bool has_key(const GeneratorDescription& description, std::string_view key) {
    const std::vector<std::string_view> keys = keys_of(description);
    return std::find(keys.begin(), keys.end(), key) != keys.end();
}

void set_parameter(std::string_view argument, GeneratorParameters& parameters, std::string_view key,
                   std::string_view text) {
    const std::optional<std::uint64_t> value = parse_size(text);
    for_each_field<GeneratorParameters>([&](const auto& field) {
        if (field.name != key) {
            return;
        }
        if (!value || *value < field.range.minimum || *value > field.range.maximum) {
            fail(argument, fmt::format("{} is \"{}\", expected a number from {} to {}", key, text,
                                       field.range.minimum, field.range.maximum));
        }
        parameters.*field.member = *value;
    });
}

[[nodiscard]] GeneratorParameters parameters_of(std::string_view argument, std::string_view text,
                                                const GeneratorDescription& description,
                                                std::uint64_t seed) {
    GeneratorParameters parameters{.seed = seed};
    while (!text.empty()) {
        const std::string_view part = take_part(text);
        const std::string_view key = part.substr(0, part.find('='));
        if (!has_key(description, key)) {
            fail_unknown(argument, fmt::format("key of {}", description.name), key,
                         keys_of(description));
        }
        if (key.size() == part.size()) {
            fail(argument, fmt::format("found \"{}\", expected {}=VALUE", part, key));
        }
        set_parameter(argument, parameters, key, part.substr(key.size() + 1));
    }
    return parameters;
}

void check_place(std::string_view argument, const GeneratorParameters& parameters,
                 UserHalf user_half) {
    const std::uint64_t at = parameters.at;
    const std::uint64_t footprint = parameters.footprint;
    if (VirtualAddress{at}.page_offset() != 0) {
        fail(argument, fmt::format("at is {:#x}, expected a multiple of {}", at, page_bytes));
    }
    if (at > std::numeric_limits<std::uint64_t>::max() - footprint) {
        fail(argument,
             fmt::format("at is {:#x} with a footprint of {} bytes, expected a sum below 2^64", at,
                         footprint));
    }
    const VirtualAddress last_word{at + footprint - access_bytes};
    if (!user_half.holds(last_word, access_bytes)) {
        fail(argument, user_half.problem(last_word, access_bytes));
    }
}

void check_chain(std::string_view argument, const GeneratorParameters& parameters) {
    const std::uint64_t nodes = parameters.footprint / parameters.node;
    if (nodes < 1 || nodes > most_nodes) {
        fail(argument,
             fmt::format("a footprint of {} bytes has {} nodes of {} bytes, expected 1 to {}",
                         parameters.footprint, nodes, parameters.node, most_nodes));
    }
}

}  // namespace

std::span<const GeneratorDescription> generators() {
    return descriptions;
}

std::span<const std::string_view> generator_common_keys() {
    return common_keys;
}

bool names_generator(std::string_view argument) {
    return argument.starts_with(prefix);
}

std::unique_ptr<AccessSource> open_generator(std::string_view argument, std::uint64_t seed,
                                             UserHalf user_half) {
    std::string_view text = argument.substr(prefix.size());
    const GeneratorDescription& generator = generator_named(argument, take_part(text));
    const GeneratorParameters parameters = parameters_of(argument, text, generator, seed);
    check_place(argument, parameters, user_half);
    if (has_key(generator, "node")) {
        check_chain(argument, parameters);
    }
    return generator.make(parameters);
}

}  // namespace mmusim::tb

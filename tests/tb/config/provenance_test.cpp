// SPDX-License-Identifier: Apache-2.0
#include "tb/config/provenance.hpp"

#include "tb/config/annotated_configuration.hpp"
#include "tb/config/configuration_keys.hpp"
#include "tb/config/configuration_writer.hpp"
#include "tb/config/json_document.hpp"
#include "tb/config/resolve.hpp"
#include "tb/presets/presets.hpp"
#include "tests/support/scratch_directory.hpp"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <string>
#include <vector>

namespace mmusim::tb::provenance_test {

namespace {

using nlohmann::json;
using Keys = std::vector<std::string>;

const Sources some_sources{.text_by_key = {{"tlbs", "a book"}, {"tlbs.l1d.ways", "a letter"}},
                           .unverified = {"walker", "tlbs.l1d.sets"}};

[[nodiscard]] Provenance some_provenance() {
    Provenance provenance;
    provenance.add_preset({"tlbs.l1d.sets", "tlbs.l1d.ways", "walker.count", "walker.step_cycles"},
                          some_sources);
    return provenance;
}

// JSON values are moved by functions that may throw.
// NOLINTNEXTLINE(bugprone-exception-escape)
struct PresetDocument {
    json layer;
    Sources sources;
};

[[nodiscard]] PresetDocument document_of(const Preset& preset) {
    PresetDocument document;
    Problems problems;
    document.layer = parse_json(preset.text, preset.name);
    document.sources = take_sources(document.layer, "", problems);
    REQUIRE(problems.empty());
    return document;
}

}  // namespace

TEST_CASE("sources are taken out of a layer, and the rest stays") {
    json layer =
        parse_json(R"({"seed": 7, "sources": {"seed": "dice", "unverified": ["seed"]}})", "layer");
    Problems problems;
    const Sources sources = take_sources(layer, "f: ", problems);
    CHECK(problems.empty());
    CHECK(layer == json{{"seed", 7}});
    CHECK(sources.text_by_key.at("seed") == "dice");
    CHECK(sources.unverified == Keys{"seed"});
}

TEST_CASE("sources of another form are told, all of them") {
    struct Row {
        const char* layer;
        Problems problems;
    };
    const auto row =
        GENERATE(Row{R"({"sources": 7})", {"f: sources = 7: must be an object of keys and texts"}},
                 Row{R"({"sources": {"seed": 1, "unverified": "seed"}})",
                     {"f: sources.seed = 1: must be a text",
                      "f: sources.unverified = \"seed\": must be a list of keys"}},
                 Row{R"({"sources": {"unverified": ["seed", 2]}})",
                     {"f: sources.unverified = a list: must be a list of keys"}});
    json layer = parse_json(row.layer, "layer");
    Problems problems;
    static_cast<void>(take_sources(layer, "f: ", problems));
    CHECK(problems == row.problems);
}

TEST_CASE("the keys of a layer are those of its values") {
    CHECK(keys_of(parse_json(R"({"seed": 1, "tlbs": {"l2": null, "l1d": {"page_sizes": []}},
                                 "caches": {}})",
                             "layer")) == Keys{"seed", "tlbs.l1d.page_sizes", "tlbs.l2"});
    CHECK(keys_of(json(7)).empty());
}

TEST_CASE("a group holds itself and what is below it, not what only begins alike") {
    CHECK(holds("tlbs.l1", "tlbs.l1"));
    CHECK(holds("tlbs.l1", "tlbs.l1.sets"));
    CHECK_FALSE(holds("tlbs.l1", "tlbs.l1d.sets"));
    CHECK_FALSE(holds("tlbs.l1.sets", "tlbs.l1"));
}

TEST_CASE("a text stands for its key and for those below that have none") {
    const Provenance provenance = some_provenance();
    CHECK(provenance.text_for("tlbs.l1d.sets") == "a book");
    CHECK(provenance.text_for("tlbs.l1d.ways") == "a letter");
    CHECK_FALSE(provenance.text_for("walker.count"));
    CHECK(provenance.text_at("tlbs") == "a book");
    CHECK_FALSE(provenance.text_at("tlbs.l1d.sets"));
}

TEST_CASE("a layer that sets a value takes its mark away, and a complete one all marks") {
    Provenance provenance = some_provenance();
    CHECK(provenance.is_unverified("walker.count"));
    CHECK(provenance.is_unverified("tlbs.l1d.sets"));
    CHECK_FALSE(provenance.is_unverified("tlbs.l1d.ways"));
    CHECK_FALSE(provenance.layer_of("walker.count"));
    CHECK(provenance.is_default("seed"));
    CHECK_FALSE(provenance.is_default("walker.count"));

    provenance.add_layer({"walker.count"}, {}, "mine.json");
    CHECK_FALSE(provenance.is_unverified("walker.count"));
    CHECK(provenance.is_unverified("walker.step_cycles"));
    CHECK(provenance.layer_of("walker.count") == "mine.json");

    provenance.forget();
    CHECK_FALSE(provenance.is_unverified("walker.step_cycles"));
    CHECK_FALSE(provenance.text_for("tlbs.l1d.ways"));
    CHECK(provenance.is_default("walker.count"));
}

TEST_CASE("every figure of every preset has a source") {
    for (const Preset& preset : presets()) {
        const PresetDocument document = document_of(preset);
        Provenance provenance;
        const Keys keys = keys_of(document.layer);
        provenance.add_preset(keys, document.sources);
        for (const std::string& key : keys) {
            CAPTURE(preset.name, key);
            CHECK(provenance.text_for(key));
        }
    }
}

TEST_CASE("every source and every mark of a preset is about a value that the preset names") {
    for (const Preset& preset : presets()) {
        const PresetDocument document = document_of(preset);
        const Keys keys = keys_of(document.layer);
        const auto names_a_value = [&](const std::string& group) {
            return std::any_of(keys.begin(), keys.end(),
                               [&](const std::string& key) { return holds(group, key); });
        };
        for (const auto& [key, text] : document.sources.text_by_key) {
            CAPTURE(preset.name, key);
            CHECK(names_a_value(key));
            CHECK_FALSE(text.empty());
        }
        for (const std::string& key : document.sources.unverified) {
            CAPTURE(preset.name, key);
            CHECK(names_a_value(key));
        }
    }
}

TEST_CASE("figures of second hand are marked") {
    struct Row {
        std::string preset;
        Keys unverified;
        Keys verified;
    };
    const std::vector<Row> rows{
        {"golden-cove", {"tlbs.l2.ways", "tlbs.l1d.sets", "walker.step_cycles"}, {"walker.count"}},
        {"skylake", {"tlbs.l2.index", "walker.start_cycles"}, {"tlbs.l2.hit_latency_cycles"}},
        {"cva6-sv39", {}, {"tlbs.l1d.ways", "walker.step_cycles", "tlbs.l1d.replacement"}},
        {"cortex-a76", {"tlbs.l1d.replacement"}, {"tlbs.l2.ways", "tlbs.l2.hit_latency_cycles"}},
        {"plain", {}, {"walker.step_cycles"}},
    };
    for (const Row& row : rows) {
        const Provenance provenance = resolve_with_provenance({.preset = row.preset}).provenance;
        for (const std::string& key : row.unverified) {
            CAPTURE(row.preset, key);
            CHECK(provenance.is_unverified(key));
        }
        for (const std::string& key : row.verified) {
            CAPTURE(row.preset, key);
            CHECK_FALSE(provenance.is_unverified(key));
        }
    }
}

TEST_CASE("sources stay out of the configuration itself") {
    for (const Preset& preset : presets()) {
        const Configuration machine = resolve({.preset = std::string{preset.name}});
        CHECK_FALSE(to_json(machine).contains(sources_key));
    }
}

TEST_CASE("what is shown of a machine is the machine when read again") {
    const tests::ScratchDirectory scratch;
    for (const Preset& preset : presets()) {
        CAPTURE(preset.name);
        const ResolvedConfiguration shown =
            resolve_with_provenance({.preset = std::string{preset.name},
                                     .files = {},
                                     .settings = {"tlbs.l1d.ways=3", "seed=9"}});
        const std::string text = annotated_text(shown.configuration, shown.provenance);
        const Configuration again = resolve({.files = {scratch.file("shown.json", text)}});
        CHECK(to_text(again) == to_text(shown.configuration));
    }
}

TEST_CASE("a machine is shown with sources above, and marks behind the values") {
    const tests::ScratchDirectory scratch;
    const std::string file = scratch.file("mine.json", R"({
        "walker": { "count": 2, "step_cycles": 3 },
        "sources": { "walker.count": "my own design", "unverified": ["walker.step_cycles"] }
    })");
    const ResolvedConfiguration resolved = resolve_with_provenance(
        {.preset = "plain", .files = {file}, .settings = {"walker.finish_cycles=5"}});
    const std::string text = annotated_text(resolved.configuration, resolved.provenance);
    const std::string expected =
        "  // by definition.\n"
        "  \"walker\": {\n"
        "    // my own design\n"
        "    \"count\": 2,  // " +
        file +
        "\n"
        "    \"start_cycles\": 0,\n"
        "    \"step_cycles\": 3,  // " +
        file +
        "  // unverified\n"
        "    \"finish_cycles\": 5,  // --set walker.finish_cycles=5\n"
        "    \"memory_port\": \"memory\",  // default\n"
        "    \"perfect_reads\": false,  // default\n"
        "    \"perfect_read_cycles\": 1  // default\n"
        "  },\n";
    CAPTURE(text);
    CHECK(text.find(expected) != std::string::npos);
    CHECK(text.find("\"seed\": 1  // default\n") != std::string::npos);
}

TEST_CASE("a long source is broken between words, at a hundred columns at most") {
    for (const Preset& preset : presets()) {
        const ResolvedConfiguration shown =
            resolve_with_provenance({.preset = std::string{preset.name}});
        const std::string text = annotated_text(shown.configuration, shown.provenance);
        std::size_t begin = 0;
        while (begin < text.size()) {
            const std::size_t end = text.find('\n', begin);
            const std::string line = text.substr(begin, end - begin);
            const std::size_t words = line.find_first_not_of(' ');
            if (line.compare(words, 2, "//") == 0) {
                CAPTURE(preset.name, line);
                CHECK(line.size() <= 100);
            }
            begin = end + 1;
        }
    }
}

}  // namespace mmusim::tb::provenance_test

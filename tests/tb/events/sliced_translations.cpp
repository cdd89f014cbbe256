// SPDX-License-Identifier: Apache-2.0
#include "tests/tb/events/sliced_translations.hpp"

#include "tests/tb/system/translation_rows.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <fstream>
#include <map>
#include <optional>
#include <stdexcept>
#include <utility>

namespace mmusim::tests {

namespace {

using nlohmann::json;
using Row = std::pair<std::uint64_t, std::uint64_t>;

struct Span {
    Cycles from;
    Cycles until;
};

[[noreturn]] void refuse(const json& event, const std::string& why) {
    throw std::runtime_error(fmt::format("{}: {}", event.dump(), why));
}

Span span_of(const json& event) {
    const Cycles from{event.at("ts").get<std::uint64_t>()};
    return {.from = from, .until = from + Cycles{event.at("dur").get<std::uint64_t>()}};
}

Stage stage_named(const std::string& name) {
    const auto stage = enumerator_named<Stage>(name);
    if (!stage) {
        throw std::runtime_error(name + " is no stage");
    }
    return *stage;
}

/// One row of a viewer: what lies in what.
class RowReader {
  public:
    /// Returns the translation that the event begins, or is in.
    void read(const json& event, std::vector<SlicedTranslation>& translations) {
        const Span span = span_of(event);
        const std::string category = event.at("cat");
        if (category == "translation") {
            close(event);
            if (last_until_ && span.from < *last_until_) {
                refuse(event, "begins before the one before it has ended");
            }
            begin(event, span, translations);
            return;
        }
        if (!current_) {
            refuse(event, "is in no translation");
        }
        while (open_.size() > 1 && open_.back().until <= span.from) {
            open_.pop_back();
        }
        if (span.from < open_.back().from || span.until > open_.back().until) {
            refuse(event, "is not within the slice that it lies in");
        }
        SlicedTranslation& translation = translations[*current_];
        if (enumerator_named<Stage>(category)) {
            add_stage(event, span, translation);
        } else {
            translation.parts.push_back(event.at("name"));
            open_.push_back(span);
        }
    }

    /// The row ends here, or another translation begins.
    void close(const json& event) {
        if (current_ && covered_until_ != open_.front().until) {
            refuse(event, "comes where the stages of the translation before have a gap at its end");
        }
    }

  private:
    void begin(const json& event, const Span& span, std::vector<SlicedTranslation>& translations) {
        const json& arguments = event.at("args");
        current_ = translations.size();
        translations.push_back({.name = event.at("name"),
                                .access = arguments.at("access"),
                                .asid = arguments.at("asid"),
                                .virtual_address = arguments.at("virtual_address"),
                                .issued = span.from,
                                .done = span.until,
                                .stages = {},
                                .parts = {}});
        open_ = {span};
        covered_until_ = span.from;
        last_until_ = span.until;
    }

    void add_stage(const json& event, const Span& span, SlicedTranslation& translation) {
        if (span.from != covered_until_) {
            refuse(event, fmt::format("the stage before it ends at {}", covered_until_));
        }
        covered_until_ = span.until;
        const json arguments = event.value("args", json::object());
        const Cycles waiting{arguments.value("waiting", std::uint64_t{0})};
        const std::string category = event.at("cat");
        translation.stages.add(stage_named(category), span.until - span.from - waiting);
        if (waiting > Cycles{0}) {
            translation.stages.add(stage_named(category + "_wait"), waiting);
        }
    }

    std::optional<std::size_t> current_;
    std::vector<Span> open_;
    Cycles covered_until_;
    std::optional<Cycles> last_until_;
};

json read_json(const std::string& path) {
    std::ifstream file(path);
    return json::parse(file);
}

}  // namespace

std::vector<SlicedTranslation> read_sliced_translations(const std::string& path) {
    std::vector<SlicedTranslation> translations;
    std::map<Row, RowReader> rows;
    const json file = read_json(path);
    for (const json& event : file.at("traceEvents")) {
        if (event.at("ph") == "M") {
            continue;
        }
        if (event.at("ph") != "X") {
            refuse(event, "is no complete event");
        }
        rows[{event.at("pid"), event.at("tid")}].read(event, translations);
    }
    for (auto& [row, reader] : rows) {
        reader.close({{"end of the row", row}});
    }
    return translations;
}

std::string differences_from_rows(const std::string& slices, const std::string& rows, bool all) {
    std::map<std::pair<std::uint64_t, Cycles>, TranslationRow> by_access_and_issue;
    for (const TranslationRow& row : read_translation_rows(rows)) {
        by_access_and_issue.emplace(std::pair{row.access, row.issued}, row);
    }
    std::string differences;
    const auto differ = [&differences](const SlicedTranslation& translation, const char* what) {
        differences += fmt::format("access {}, issued at {}: {}\n", translation.access,
                                   translation.issued, what);
    };
    const std::vector<SlicedTranslation> translations = read_sliced_translations(slices);
    for (const SlicedTranslation& translation : translations) {
        const auto found = by_access_and_issue.find({translation.access, translation.issued});
        if (found == by_access_and_issue.end()) {
            differ(translation, "has no row");
            continue;
        }
        const TranslationRow& row = found->second;
        if (translation.done != row.done || translation.stages.stages != row.stages.stages) {
            differ(translation, "has other stages");
        }
        if (translation.name != row.outcome || translation.asid != row.asid ||
            translation.virtual_address != fmt::format("{}", row.virtual_address)) {
            differ(translation, "is another translation");
        }
    }
    if (all && translations.size() != by_access_and_issue.size()) {
        differences += fmt::format("{} translations, but {} rows\n", translations.size(),
                                   by_access_and_issue.size());
    }
    return differences;
}

}  // namespace mmusim::tests

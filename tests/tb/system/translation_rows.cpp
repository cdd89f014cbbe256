// SPDX-License-Identifier: Apache-2.0
#include "tests/tb/system/translation_rows.hpp"

#include <fstream>
#include <sstream>
#include <stdexcept>

namespace mmusim::tests {

namespace {

constexpr std::size_t columns_before_stages = 10;

std::string expected_head() {
    std::string head =
        "access,asid,type,virtual_address,physical_address,page_size,outcome,issued,done,latency";
    for (const std::string_view stage : names_of<Stage>) {
        head.append(",").append(stage);
    }
    return head;
}

std::vector<std::string> columns_of(const std::string& line) {
    std::vector<std::string> columns;
    std::istringstream rest(line);
    for (std::string column; std::getline(rest, column, ',');) {
        columns.push_back(column);
    }
    return columns;
}

TranslationRow row_of(const std::vector<std::string>& columns) {
    constexpr int hexadecimal = 16;
    TranslationRow row{.access = std::stoull(columns.at(0)),
                       .asid = std::stoull(columns.at(1)),
                       .type = columns.at(2),
                       .virtual_address = {std::stoull(columns.at(3), nullptr, hexadecimal)},
                       .physical_address = std::nullopt,
                       .page_size = columns.at(5),
                       .outcome = columns.at(6),
                       .issued = {std::stoull(columns.at(7))},
                       .done = {std::stoull(columns.at(8))},
                       .latency = {std::stoull(columns.at(9))},
                       .stages = {}};
    if (!columns.at(4).empty()) {
        row.physical_address = PhysicalAddress{std::stoull(columns.at(4), nullptr, hexadecimal)};
    }
    for (std::size_t stage = 0; stage < enumerator_count<Stage>; ++stage) {
        row.stages.stages.values.at(stage) = {
            std::stoull(columns.at(columns_before_stages + stage))};
    }
    return row;
}

}  // namespace

std::vector<TranslationRow> read_translation_rows(const std::string& path) {
    std::ifstream file(path);
    std::string line;
    if (!std::getline(file, line) || line != expected_head()) {
        throw std::runtime_error("not the head of a translation log: " + line);
    }
    std::vector<TranslationRow> rows;
    while (std::getline(file, line)) {
        const std::vector<std::string> columns = columns_of(line);
        if (columns.size() != columns_before_stages + enumerator_count<Stage>) {
            throw std::runtime_error("not a row of a translation log: " + line);
        }
        rows.push_back(row_of(columns));
    }
    return rows;
}

}  // namespace mmusim::tests

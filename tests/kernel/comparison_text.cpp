// SPDX-License-Identifier: Apache-2.0
#include "tests/kernel/comparison_text.hpp"

#include "tb/report/text_table.hpp"

#include <fmt/format.h>

namespace mmusim::tests {

namespace {

[[nodiscard]] std::string verdict_on(const ComparedLine& line) {
    if (!line.left_out) {
        return line.differs() ? "DIFFERS" : "same";
    }
    if (line.left_out->since_line != line.line) {
        return fmt::format("not compared, nor is anything after line {}",
                           line.left_out->since_line);
    }
    return fmt::format("not compared: {}", line.left_out->reason);
}

}  // namespace

std::string table_of(const std::string& title, const Comparison& comparison) {
    using tb::Alignment;
    tb::TextTable table(title, {{.heading = "model", .alignment = Alignment::left},
                                {.heading = "kernel", .alignment = Alignment::left},
                                {.heading = "", .alignment = Alignment::left}});
    for (const ComparedLine& line : comparison) {
        table.add_row({fmt::format("{:3}  {}", line.line, line.text), in_words(line.model),
                       line.kernel ? in_words(*line.kernel) : "", verdict_on(line)});
    }
    return table.text();
}

std::string text_of(const Summary& summary) {
    const auto row = [](const std::string& what, std::size_t count) {
        return fmt::format("{:6}  {}\n", count, what);
    };
    std::string text = row("lines", summary.lines()) + row("compared", summary.compared()) +
                       row("different", summary.different);
    for (const auto& [reason, count] : summary.left_out) {
        text += row("not compared: " + reason, count);
    }
    return text;
}

}  // namespace mmusim::tests

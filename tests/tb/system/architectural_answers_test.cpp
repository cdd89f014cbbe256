// SPDX-License-Identifier: Apache-2.0
// What a program is answered does not depend on the hardware that answers: neither on its shape nor
// on its times.
#include "tests/support/child_process.hpp"
#include "tests/support/scratch_directory.hpp"
#include "tests/tb/system/laws.hpp"
#include "tests/tb/system/random_machine.hpp"
#include "tests/tb/system/translation_rows.hpp"

#include <catch2/catch.hpp>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

namespace mmusim::tests::architectural_answers_test {

namespace {

constexpr std::uint64_t machines_per_stream = 15;

/// What the pages are like and who sets A and D: the only hardware that a program can see.
struct Paging {
    std::string mode;
    std::string ad_update;
};

/// One process that lives to its end: whose pages come in an order that no machine changes.
struct Stream {
    Paging paging;
    TestProgram program;
};

Stream stream_of(const Paging& paging, std::uint64_t seed) {
    Random random(seed);
    TestProgram program;
    while (program.name != "well-behaved") {
        program = random_programs(random).front();
    }
    return {.paging = paging, .program = std::move(program)};
}

std::vector<std::string> settings_of(const Stream& stream) {
    return {"os.implicit_mapping=false", "memory.size_bytes=256MiB",
            "paging.mode=" + stream.paging.mode, "paging.ad_update=" + stream.paging.ad_update};
}

/// By access, and the two pages of an access that crosses in their order.
std::vector<std::string> translations(const std::string& log) {
    std::vector<TranslationRow> rows = read_translation_rows(log);
    std::stable_sort(rows.begin(), rows.end(), [](const auto& left, const auto& right) {
        return std::pair(left.access, left.virtual_address) <
               std::pair(right.access, right.virtual_address);
    });
    std::vector<std::string> answers;
    answers.reserve(rows.size());
    for (const TranslationRow& row : rows) {
        answers.push_back(fmt::format(
            "{} {} {:#x} {} {}", row.access, row.type, row.virtual_address.value, row.page_size,
            row.physical_address ? fmt::format("{:#x}", row.physical_address->value) : "signal"));
    }
    return answers;
}

/// Every word of memory that is not zero: the page tables with their A and D bits.
std::vector<std::string> memory_contents(tb::SystemModule& system,
                                         const tb::Configuration& configuration) {
    constexpr unsigned word_bytes = 8;
    constexpr std::uint64_t used_bytes = 1500 * page_bytes;
    std::vector<std::string> words;
    const std::uint64_t base = configuration.memory.base_address;
    for (std::uint64_t address = base; address < base + used_bytes; address += word_bytes) {
        const std::uint64_t word = system.peek({address}, word_bytes).value();
        if (word != 0) {
            words.push_back(fmt::format("{:#x}: {:#x}", address, word));
        }
    }
    return words;
}

/// What a program can see of a run: its translations, its end, what memory holds then. And the laws
/// that the run broke.
std::string answers_of(const Stream& stream, const std::vector<std::string>& hardware) {
    std::vector<std::string> settings = hardware;
    for (const std::string& setting : settings_of(stream)) {
        settings.push_back(setting);
    }
    const tb::Configuration configuration = plain_machine(settings);
    const ScratchDirectory directory;
    const std::string log = directory.path_of("translations.csv");
    return in_child_process([&] {
        MachineFigures machine;
        std::vector<std::string> lines;
        const tb::RunResult result = run(configuration, {stream.program}, {.translation_log = log},
                                         [&](tb::SystemModule& system) {
                                             machine = machine_figures(configuration, system);
                                             lines = memory_contents(system, configuration);
                                         });
        const sw::ProcessStatistics& process = result.processes.front();
        lines.push_back(fmt::format("{} minor faults, {} pages, {}", process.minor,
                                    process.rss_pages,
                                    process.signal ? name_of(*process.signal) : "no signal"));
        return fmt::format("{}\n{}\n{}",
                           fmt::join(broken_laws(configuration, result, machine), "\n"),
                           fmt::join(translations(log), "\n"), fmt::join(lines, "\n"));
    });
}

/// The first line in which two texts differ, from each.
std::string first_difference(const std::string& expected, const std::string& found) {
    const auto [left, right] =
        std::mismatch(expected.begin(), expected.end(), found.begin(), found.end());
    if (left == expected.end() && right == found.end()) {
        return "";
    }
    const auto line_at = [](const std::string& text, std::string::const_iterator position) {
        const auto offset = static_cast<std::size_t>(position - text.begin());
        const std::size_t newline_before =
            offset == 0 ? std::string::npos : text.rfind('\n', offset - 1);
        const std::size_t start = newline_before == std::string::npos ? 0 : newline_before + 1;
        return text.substr(start, text.find('\n', start) - start);
    };
    return fmt::format(R"(expected "{}", found "{}")", line_at(expected, left),
                       line_at(found, right));
}

void check_stream(const Paging& paging, std::uint64_t seed) {
    const Stream stream = stream_of(paging, seed);
    const std::string expected = answers_of(stream, {});
    REQUIRE(expected.front() == '\n');
    for (std::uint64_t machine = 0; machine < machines_per_stream; ++machine) {
        Random random(machine);
        const std::vector<std::string> hardware = random_hardware_settings(random, paging.mode);
        INFO("machine " << machine << ": " << fmt::format("{}", fmt::join(hardware, " ")));
        CHECK_THAT(first_difference(expected, answers_of(stream, hardware)), Catch::Equals(""));
    }
}

}  // namespace

TEST_CASE("fifteen machines answer a program alike: Sv39, A and D by hardware") {
    check_stream({.mode = "sv39", .ad_update = "hardware"}, 1);
}

TEST_CASE("fifteen machines answer a program alike: Sv48, A and D by faults") {
    check_stream({.mode = "sv48", .ad_update = "fault"}, 2);
}

TEST_CASE("fifteen machines answer a program alike: Sv57, A and D by hardware") {
    check_stream({.mode = "sv57", .ad_update = "hardware"}, 3);
}

TEST_CASE("fifteen machines answer a program alike: Sv32, A and D by faults") {
    check_stream({.mode = "sv32", .ad_update = "fault"}, 4);
}

}  // namespace mmusim::tests::architectural_answers_test

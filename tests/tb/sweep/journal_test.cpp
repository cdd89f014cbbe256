// SPDX-License-Identifier: Apache-2.0
#include "tb/sweep/journal.hpp"

#include "hw/base/problems.hpp"
#include "tests/support/scratch_directory.hpp"

#include <catch2/catch.hpp>

#include <map>
#include <string>

namespace mmusim::tb::journal_test {

namespace {

using nlohmann::ordered_json;
using tests::ScratchDirectory;
using Outcomes = std::map<std::size_t, JobOutcome>;
using Start = Journal::Start;

const ordered_json identity{{"-L", "a=1,2"}, {"--limit", 1000}};

const Outcomes some_outcomes{{2, JobAnswer{R"({"totals":{"cycles":7}})"}},
                             {0, JobFailure{"a \"bad\" geometry\nof two lines"}},
                             {5, JobAnswer{R"({"mean":0.1})"}}};

void write_journal(const std::string& path) {
    Journal journal(path, identity, Start::anew);
    for (const auto& [job, outcome] : some_outcomes) {
        journal.add(job, outcome);
    }
}

[[nodiscard]] Outcomes continued(const std::string& path) {
    return Journal(path, identity, Start::continued).done();
}

}  // namespace

TEST_CASE("a journal gives back what was written into it") {
    const ScratchDirectory folder;
    const std::string path = folder.path_of("out.csv.partial");
    write_journal(path);
    CHECK(continued(path) == some_outcomes);
    CHECK(Journal(path, identity, Start::anew).done().empty());
    CHECK(continued(path).empty());
}

TEST_CASE("a journal that is not there is an empty one") {
    const ScratchDirectory folder;
    CHECK(continued(folder.path_of("none.partial")).empty());
}

TEST_CASE("a line that was not written to its end is not taken, and the next goes on before it") {
    const ScratchDirectory folder;
    const std::string path = folder.path_of("out.csv.partial");
    write_journal(path);
    const std::string whole = folder.contents_of("out.csv.partial");
    const std::size_t last_line = whole.rfind('\n', whole.size() - 2) + 1;
    Outcomes but_the_last = some_outcomes;
    but_the_last.erase(5);
    for (std::size_t size = last_line; size < whole.size(); ++size) {
        CAPTURE(size);
        static_cast<void>(folder.file("out.csv.partial", whole.substr(0, size)));
        {
            Journal journal(path, identity, Start::continued);
            REQUIRE(journal.done() == but_the_last);
            journal.add(5, some_outcomes.at(5));
        }
        CHECK(folder.contents_of("out.csv.partial") == whole);
    }
}

TEST_CASE("a journal whose bytes were changed counts up to there") {
    const ScratchDirectory folder;
    const std::string path = folder.path_of("out.csv.partial");
    write_journal(path);
    std::string text = folder.contents_of("out.csv.partial");
    text[text.find("cycles")] = 'C';
    static_cast<void>(folder.file("out.csv.partial", text));
    CHECK(continued(path) == Outcomes{{0, some_outcomes.at(0)}});
}

TEST_CASE("the journal of another sweep is refused, and says in what it differs") {
    const ScratchDirectory folder;
    const std::string path = folder.path_of("out.csv.partial");
    write_journal(path);
    const ordered_json other{{"-L", "a=1,2,3"}, {"--limit", 2000}};
    CHECK_THROWS_WITH(Journal(path, other, Start::continued),
                      path +
                          ": is of another sweep, which differs in: -L, --limit; expected the "
                          "same options and inputs, or no --resume to begin again");
    CHECK(continued(path) == some_outcomes);
}

TEST_CASE("two sweeps do not share a journal") {
    const ScratchDirectory folder;
    const std::string path = folder.path_of("out.csv.partial");
    const Journal journal(path, identity, Start::anew);
    CHECK_THROWS_WITH(Journal(path, identity, Start::continued),
                      path + ": another sweep writes it, expected another output");
}

TEST_CASE("a journal that cannot be written says so") {
    CHECK_THROWS_WITH(Journal("/dev/full", identity, Start::anew), Catch::Contains("/dev/full: "));
    const ScratchDirectory folder;
    const std::string path = folder.path_of("absent/out.csv.partial");
    CHECK_THROWS_WITH(Journal(path, identity, Start::anew),
                      path + ": No such file or directory, expected a file that can be written");
}

TEST_CASE("a journal goes when it is no longer needed") {
    const ScratchDirectory folder;
    Journal journal(folder.path_of("out.csv.partial"), identity, Start::anew);
    CHECK(folder.file_count() == 1);
    journal.remove();
    CHECK(folder.file_count() == 0);
}

}  // namespace mmusim::tb::journal_test

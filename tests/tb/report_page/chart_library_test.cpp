// SPDX-License-Identifier: Apache-2.0
#include "tb/report_page/chart_library.hpp"

#include "tests/support/scratch_directory.hpp"

#include <catch2/catch.hpp>
#include <fmt/format.h>

#include <filesystem>
#include <string>

namespace mmusim::tests::chart_library_test {

namespace {

// As npm leaves a package, as far as the page needs it.
void install(const ScratchDirectory& directory, const std::string& package) {
    const std::string folder = "node_modules/" + package;
    std::filesystem::create_directories(directory.path() / folder / "build");
    static_cast<void>(directory.file(folder + "/build/" + package + ".min.js", "draw()"));
    static_cast<void>(directory.file(folder + "/package.json", R"({"version": "6.4.0"})"));
    static_cast<void>(directory.file(folder + "/LICENSE", "Copyright"));
}

}  // namespace

TEST_CASE("what draws the charts is three packages, in the order in which they need each other") {
    const ScratchDirectory directory;
    install(directory, "vega");
    install(directory, "vega-lite");
    CHECK_FALSE(tb::read_chart_library(directory.path()));
    install(directory, "vega-embed");
    const auto library = tb::read_chart_library(directory.path());
    REQUIRE(library);
    REQUIRE(library->size() == 3);
    CHECK(library->at(0).package == "vega");
    CHECK(library->at(1).package == "vega-lite");
    CHECK(library->at(2).package == "vega-embed");
    CHECK(library->at(2).text == "draw()");
    CHECK(library->at(2).version == "6.4.0");
    CHECK(library->at(2).licence == "Copyright");
}

TEST_CASE("a library that lacks a file is none") {
    const ScratchDirectory directory;
    for (const char* const package : {"vega", "vega-lite", "vega-embed"}) {
        install(directory, package);
    }
    std::filesystem::remove(directory.path() / "node_modules/vega-lite/LICENSE");
    CHECK_FALSE(tb::read_chart_library(directory.path()));
    CHECK_FALSE(tb::read_chart_library(directory.path() / "absent"));
}

TEST_CASE("the command that brings the library is by the lock file, or else names the versions") {
    const ScratchDirectory directory;
    const std::string place = directory.path().string();
    CHECK_THAT(tb::chart_library_command(directory.path()),
               Catch::StartsWith("npm install --prefix " + place + " vega@") &&
                   Catch::Contains(" vega-embed@") && Catch::Contains(" vega-lite@"));
    static_cast<void>(directory.file("package-lock.json", "{}"));
    CHECK(tb::chart_library_command(directory.path()) == "npm ci --prefix " + place);
}

TEST_CASE("a place with blanks is one word of the shell") {
    CHECK_THAT(tb::chart_library_command("my charts/it's"),
               Catch::StartsWith("npm install --prefix 'my charts/it'\\''s' vega@"));
}

}  // namespace mmusim::tests::chart_library_test

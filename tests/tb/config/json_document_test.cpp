// SPDX-License-Identifier: Apache-2.0
#include "tb/config/json_document.hpp"

#include "hw/base/problems.hpp"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace mmusim::tb::json_document_test {

TEST_CASE("JSON is read as the library reads it, comments skipped") {
    const std::string text = GENERATE(as<std::string>{}, "{}", "[]", "3", "-3", "0.5", "\"a\"",
                                      "null", "true", "[1, [2, {\"b\": []}], \"c\"]",
                                      "{\"a\": {\"b\": [1, 2]}, \"c\": {}, \"d\": null}");
    CHECK(parse_json("// first\n" + text + " /* last */", "text") == nlohmann::json::parse(text));
}

TEST_CASE("every error of syntax names the line it is on") {
    struct Row {
        std::string_view text;
        std::string_view beginning;
    };
    const std::vector<Row> table{
        {"", "f:1: syntax error while parsing value - unexpected end of input"},
        {"{", "f:1: syntax error while parsing object key - unexpected end of input"},
        {"{\n\n\"a\": 1,\n}", "f:4: syntax error while parsing object key - unexpected '}'"},
        {"{\"a\": tru\n}", "f:1: syntax error while parsing value - invalid literal"},
        {"{\n\"a\": \"b\n\"}", "f:2: syntax error while parsing value - invalid string"},
        {"{}\n{}", "f:2: syntax error while parsing value - unexpected '{'"},
        {"// one\n/* two", "f:2: syntax error while parsing value - invalid comment"},
        {"{\n\"a\": 1e999}", "f:2: number overflow parsing '1e999'"},
        {"{\"a\": \"\xff\"}", "f:1: syntax error while parsing value - invalid string: ill-formed"},
    };
    for (const Row& row : table) {
        INFO(row.text);
        CHECK_THROWS_WITH(parse_json(row.text, "f"), Catch::StartsWith(std::string{row.beginning}));
        CHECK_THROWS_AS(parse_json(row.text, "f"), InputError);
    }
}

TEST_CASE("a key given twice is refused, the same key in another object is not") {
    CHECK_THROWS_WITH(parse_json(R"({"a": {"b": 1, "b": 2}})", "f"),
                      "f: the key \"b\" is given twice");
    CHECK_NOTHROW(parse_json(R"({"a": {"a": 1}, "b": {"a": 1}})", "f"));
}

}  // namespace mmusim::tb::json_document_test

// SPDX-License-Identifier: Apache-2.0
#include "tb/vectors/walk_vectors.hpp"

#include "hw/base/problems.hpp"
#include "tb/input/byte_stream.hpp"
#include "tb/text/blanks.hpp"
#include "tb/text/in_quotes.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>
#include <system_error>

namespace mmusim::tb {

namespace {

/// What a header may say.
struct Header {
    unsigned xlen = 64;
    unsigned mode_number = 39;
    hw::PagingMode mode = hw::PagingMode::sv39;
    std::uint64_t satp_mode = 8;
};

constexpr std::array<Header, 4> headers{{
    {.xlen = 32, .mode_number = 32, .mode = hw::PagingMode::sv32, .satp_mode = 1},
    {.xlen = 64, .mode_number = 39, .mode = hw::PagingMode::sv39, .satp_mode = 8},
    {.xlen = 64, .mode_number = 48, .mode = hw::PagingMode::sv48, .satp_mode = 9},
    {.xlen = 64, .mode_number = 57, .mode = hw::PagingMode::sv57, .satp_mode = 10},
}};

constexpr std::uint64_t satp_mode_bare = 0;

/// The fields of satp (privileged specification, "Supervisor Address Translation and Protection
/// (satp) Register").
struct SatpLayout {
    unsigned mode_shift;
    unsigned asid_shift;
    unsigned asid_bits;
};

constexpr SatpLayout satp_32{.mode_shift = 31, .asid_shift = 22, .asid_bits = 9};
constexpr SatpLayout satp_64{.mode_shift = 60, .asid_shift = 44, .asid_bits = 16};

constexpr std::uint64_t low_bits(unsigned count) {
    return (std::uint64_t{1} << count) - 1;
}

std::optional<std::uint64_t> number_of(std::string_view word, int base) {
    std::uint64_t value = 0;
    const char* const end = word.data() + word.size();
    const auto [stopped, error] = std::from_chars(word.data(), end, value, base);
    if (error != std::errc{} || stopped != end) {
        return std::nullopt;
    }
    return value;
}

/// Reads line after line.
class Parser {
  public:
    explicit Parser(std::string_view name) : name_(name) {}

    void take_line(std::string_view line);
    [[nodiscard]] WalkVectors finish();

  private:
    void take_header();
    void take_new_image();
    void take_word();
    void take_test();

    // The words of the line, one after the other. Each says what it expects.
    [[nodiscard]] std::string_view next(std::string_view expected);
    [[nodiscard]] std::uint64_t next_number(std::string_view expected, int base = 16);
    [[nodiscard]] std::uint64_t next_at_most(std::uint64_t maximum, std::string_view expected);
    [[nodiscard]] bool next_flag(std::string_view expected);
    void expect_end() const;

    void take_satp(WalkTest& test);
    [[nodiscard]] Privilege next_privilege();
    [[nodiscard]] AccessType next_type();
    [[nodiscard]] std::uint64_t register_maximum() const;

    [[noreturn]] void fail(std::string_view found, std::string_view expected) const;

    std::string_view name_;
    std::uint64_t line_number_ = 0;
    std::string_view rest_;
    std::optional<Header> header_;
    bool image_begun_ = false;
    bool has_test_ = false;
    WalkVectors vectors_;
};

void Parser::take_line(std::string_view line) {
    ++line_number_;
    rest_ = line;
    if (is_blank(line)) {
        return;
    }
    const std::string_view kind = next("");
    if (!header_ && kind != "S") {
        fail(in_quotes(line), "S XLEN MODE before all else");
    }
    if (kind == "S") {
        take_header();
    } else if (kind == "N") {
        take_new_image();
    } else if (kind == "W") {
        take_word();
    } else if (kind == "T") {
        take_test();
    } else {
        fail(in_quotes(line), "a line that begins with S, N, W or T");
    }
    expect_end();
}

WalkVectors Parser::finish() {
    if (!has_test_) {
        throw InputError(fmt::format("{}: found no test, expected at least one line T", name_));
    }
    return std::move(vectors_);
}

void Parser::take_header() {
    if (header_) {
        fail("a second S", "one header");
    }
    const std::uint64_t xlen = next_number("the width of registers, 32 or 64", 10);
    const std::uint64_t mode = next_number("the format, 32, 39, 48 or 57", 10);
    const auto* const known =
        std::find_if(headers.begin(), headers.end(), [&](const Header& candidate) {
            return candidate.xlen == xlen && candidate.mode_number == mode;
        });
    if (known == headers.end()) {
        fail(fmt::format("S {} {}", xlen, mode), "S 32 32, S 64 39, S 64 48 or S 64 57");
    }
    header_ = *known;
    vectors_.mode = known->mode;
}

void Parser::take_new_image() {
    image_begun_ = true;
    vectors_.lines.emplace_back(NewImage{});
}

void Parser::take_word() {
    if (!image_begun_) {
        fail("W", "N before the first W");
    }
    constexpr std::string_view expected = "a physical address, 8 bytes within 80000000 to 8fffffff";
    const std::uint64_t address = next_number(expected);
    const std::uint64_t last = vector_memory_base.value + vector_memory_bytes - 8;
    if (address < vector_memory_base.value || address > last) {
        fail(fmt::format("{:x}", address), expected);
    }
    const std::uint64_t value = next_number("8 bytes as a hexadecimal number");
    vectors_.lines.emplace_back(ImageWord{.address = {address}, .value = value});
}

void Parser::take_test() {
    if (!image_begun_) {
        fail("T", "N before the first T");
    }
    WalkTest test;
    hw::TranslationContext& context = test.request.context;
    test.id = next_number("a decimal id", 10);
    take_satp(test);
    context.privilege = next_privilege();
    context.supervisor_user_memory = next_flag("sum, 0 or 1");
    context.make_executable_readable = next_flag("mxr, 0 or 1");
    context.hardware_ad_update = next_flag("adue, 0 or 1");
    context.page_based_memory_types = next_flag("pbmte, 0 or 1");
    test.request.type = next_type();
    const std::uint64_t address =
        next_at_most(register_maximum(), "a virtual address as wide as the registers");
    const std::uint64_t odd = test.request.type == AccessType::fetch ? address & 1U : 0;
    test.request.address = {address - odd};
    static_cast<void>(next_number("q, a number"));

    test.translated = test.translated && context.privilege != Privilege::machine;
    has_test_ = true;
    vectors_.lines.emplace_back(test);
}

void Parser::take_satp(WalkTest& test) {
    constexpr std::string_view expected = "satp, as wide as the registers";
    const std::uint64_t satp = next_at_most(register_maximum(), expected);
    const SatpLayout& layout = header_->xlen == 32 ? satp_32 : satp_64;
    const std::uint64_t mode = satp >> layout.mode_shift;
    if (mode != satp_mode_bare && mode != header_->satp_mode) {
        fail(fmt::format("satp {:x}, whose MODE is {}", satp, mode),
             fmt::format("MODE 0 or {}, as the header says", header_->satp_mode));
    }
    test.translated = mode != satp_mode_bare;
    test.request.context.root = {satp & low_bits(layout.asid_shift)};
    test.request.context.asid = {
        static_cast<std::uint16_t>(satp >> layout.asid_shift & low_bits(layout.asid_bits))};
}

Privilege Parser::next_privilege() {
    constexpr std::string_view expected = "a privilege, 0, 1 or 3";
    const std::uint64_t value = next_at_most(3, expected);
    if (value == 2) {
        fail("2", expected);
    }
    return static_cast<Privilege>(value);
}

AccessType Parser::next_type() {
    constexpr std::string_view expected = "an access, r, w or x";
    const std::string_view word = next(expected);
    if (word == "r") {
        return AccessType::read;
    }
    if (word == "w") {
        return AccessType::write;
    }
    if (word == "x") {
        return AccessType::fetch;
    }
    fail(in_quotes(word), expected);
}

std::string_view Parser::next(std::string_view expected) {
    const std::size_t begin = rest_.find_first_not_of(blanks);
    if (begin == std::string_view::npos) {
        fail("the end of the line", expected);
    }
    rest_.remove_prefix(begin);
    const std::string_view word = rest_.substr(0, rest_.find_first_of(blanks));
    rest_.remove_prefix(word.size());
    return word;
}

std::uint64_t Parser::next_number(std::string_view expected, int base) {
    const std::string_view word = next(expected);
    const std::optional<std::uint64_t> value = number_of(word, base);
    if (!value) {
        fail(in_quotes(word), expected);
    }
    return *value;
}

std::uint64_t Parser::next_at_most(std::uint64_t maximum, std::string_view expected) {
    const std::uint64_t value = next_number(expected);
    if (value > maximum) {
        fail(fmt::format("{:x}", value), expected);
    }
    return value;
}

bool Parser::next_flag(std::string_view expected) {
    return next_at_most(1, expected) == 1;
}

void Parser::expect_end() const {
    if (!is_blank(rest_)) {
        fail(in_quotes(rest_), "the end of the line");
    }
}

std::uint64_t Parser::register_maximum() const {
    return header_->xlen == 32 ? low_bits(32) : ~std::uint64_t{0};
}

void Parser::fail(std::string_view found, std::string_view expected) const {
    throw InputError(
        fmt::format("{}:{}: found {}, expected {}", name_, line_number_, found, expected));
}

}  // namespace

WalkVectors parse_walk_vectors(std::string_view text, std::string_view name) {
    Parser parser(name);
    while (!text.empty()) {
        const std::size_t end = std::min(text.find('\n'), text.size());
        parser.take_line(text.substr(0, end));
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    return parser.finish();
}

WalkVectors read_walk_vectors(const std::string& path) {
    ByteStream bytes(path);
    std::string text;
    while (bytes.read_more()) {
        text += bytes.window();
        bytes.consume(bytes.window().size());
    }
    return parse_walk_vectors(text, path);
}

}  // namespace mmusim::tb

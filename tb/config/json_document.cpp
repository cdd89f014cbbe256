// SPDX-License-Identifier: Apache-2.0
#include "tb/config/json_document.hpp"

#include "hw/base/problems.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <fstream>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

namespace mmusim::tb {

namespace {

using nlohmann::json;

// A file without end, such as a device, is refused instead of filling the host's memory.
constexpr std::size_t largest_file_bytes = std::size_t{256} << 20U;

// The reason alone: "[json.exception.parse_error.101] parse error at line 1, column 2: REASON".
[[nodiscard]] std::string_view reason_of(std::string_view message) {
    constexpr std::string_view after_position = ": ";
    constexpr std::string_view after_identifier = "] ";
    const std::size_t position = message.find(after_position);
    if (position != std::string_view::npos && message.find("parse error at line") < position) {
        return message.substr(position + after_position.size());
    }
    const std::size_t identifier = message.find(after_identifier);
    return identifier == std::string_view::npos
               ? message
               : message.substr(identifier + after_identifier.size());
}

// Builds a document from the parser's events. It exists for what the library's own builder does not
// do: refuse a key given twice, and give the line of every error.
class DocumentBuilder final : public nlohmann::json_sax<json> {
  public:
    DocumentBuilder(std::string_view text, std::string_view name) : text_(text), name_(name) {}

    [[nodiscard]] json take() { return std::move(root_); }

    bool null() override { return add_leaf(nullptr); }
    bool boolean(bool value) override { return add_leaf(value); }
    bool number_integer(number_integer_t value) override { return add_leaf(value); }
    bool number_unsigned(number_unsigned_t value) override { return add_leaf(value); }
    bool number_float(number_float_t value, const string_t& /*text*/) override {
        return add_leaf(value);
    }
    bool string(string_t& value) override { return add_leaf(std::move(value)); }
    bool binary(binary_t& /*value*/) override { return false; }

    bool start_object(std::size_t /*size*/) override { return open(json::object()); }
    bool end_object() override { return close(); }
    bool start_array(std::size_t /*size*/) override { return open(json::array()); }
    bool end_array() override { return close(); }

    bool key(string_t& name) override {
        if (open_.back()->contains(name)) {
            throw InputError(fmt::format("{}: the key \"{}\" is given twice", name_, name));
        }
        key_ = std::move(name);
        return true;
    }

    bool parse_error(std::size_t position, const std::string& /*last_token*/,
                     const nlohmann::detail::exception& error) override {
        // `position` counts the characters read, the offending one included.
        const std::size_t read_before =
            std::min(position - std::min<std::size_t>(position, 1), text_.size());
        const auto newlines = std::count(
            text_.begin(), text_.begin() + static_cast<std::ptrdiff_t>(read_before), '\n');
        throw InputError(
            fmt::format("{}:{}: {}", name_, newlines + 1, shortened(reason_of(error.what()))));
    }

  private:
    // The reason quotes what was read last, which may be as long as the file.
    [[nodiscard]] static std::string shortened(std::string_view reason) {
        constexpr std::size_t longest = 200;
        return reason.size() <= longest ? std::string{reason}
                                        : fmt::format("{}…", reason.substr(0, longest));
    }

    json* add(json value) {
        if (open_.empty()) {
            root_ = std::move(value);
            return &root_;
        }
        json& parent = *open_.back();
        if (parent.is_array()) {
            parent.push_back(std::move(value));
            return &parent.back();
        }
        json& member = parent[key_];
        member = std::move(value);
        return &member;
    }

    bool add_leaf(json value) {
        add(std::move(value));
        return true;
    }

    bool open(json value) {
        open_.push_back(add(std::move(value)));
        return true;
    }

    bool close() {
        open_.pop_back();
        return true;
    }

    std::string_view text_;
    std::string_view name_;
    json root_;
    std::vector<json*> open_;
    std::string key_;
};

[[nodiscard]] std::string read_text_file(const std::filesystem::path& path) {
    const auto refuse = [&](std::string_view why) -> std::string {
        throw InputError(fmt::format("{}: {}", path.string(), why));
    };
    if (std::filesystem::is_directory(path)) {
        return refuse("is a directory, expected a configuration file");
    }
    errno = 0;
    std::ifstream file(path, std::ios::binary);
    if (!file) {
        return refuse(fmt::format("cannot be read: {}", std::generic_category().message(errno)));
    }
    constexpr std::size_t piece_bytes = 65536;
    std::string text;
    std::string piece(piece_bytes, '\0');
    while (file.read(piece.data(), piece_bytes) || file.gcount() > 0) {
        text.append(piece, 0, static_cast<std::size_t>(file.gcount()));
        if (text.size() > largest_file_bytes) {
            return refuse("is larger than 256 MiB, expected a configuration file");
        }
    }
    return text;
}

}  // namespace

json parse_json(std::string_view text, std::string_view name) {
    DocumentBuilder builder(text, name);
    constexpr bool to_the_end = true;
    constexpr bool ignore_comments = true;
    json::sax_parse(text, &builder, json::input_format_t::json, to_the_end, ignore_comments);
    return builder.take();
}

json read_json_file(const std::filesystem::path& path) {
    return parse_json(read_text_file(path), path.string());
}

}  // namespace mmusim::tb

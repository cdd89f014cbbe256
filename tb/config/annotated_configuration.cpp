// SPDX-License-Identifier: Apache-2.0
#include "tb/config/annotated_configuration.hpp"

#include "tb/config/configuration_writer.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <cstddef>
#include <iterator>
#include <string_view>

namespace mmusim::tb {

namespace {

using nlohmann::ordered_json;

constexpr std::size_t line_length = 100;
constexpr std::size_t member_indentation = 2;

// The text in lines of comments, broken between words.
[[nodiscard]] std::string comment_lines(std::string_view text, std::size_t indent) {
    const std::string begin = std::string(indent, ' ') + "//";
    std::string lines;
    std::string line = begin;
    while (!text.empty()) {
        const std::size_t space = text.find(' ');
        const std::string_view word = text.substr(0, space);
        if (line != begin && line.size() + 1 + word.size() > line_length) {
            lines += line + '\n';
            line = begin;
        }
        line += fmt::format(" {}", word);
        text.remove_prefix(space == std::string_view::npos ? text.size() : space + 1);
    }
    return lines + line + '\n';
}

class AnnotatedWriter {
  public:
    explicit AnnotatedWriter(const Provenance& provenance) : provenance_(provenance) {}

    void write_object(const std::string& group, const ordered_json& object, std::size_t indent) {
        text_ += "{\n";
        for (auto member = object.begin(); member != object.end(); ++member) {
            const std::string key =
                group.empty() ? member.key() : fmt::format("{}.{}", group, member.key());
            const bool last = std::next(member) == object.end();
            write_member(key, member.key(), member.value(), indent + member_indentation, last);
        }
        text_ += std::string(indent, ' ') + '}';
    }

    [[nodiscard]] std::string take() { return std::move(text_) + '\n'; }

  private:
    void write_member(const std::string& key, const std::string& name, const ordered_json& value,
                      std::size_t indent, bool last) {
        if (const auto text = provenance_.text_at(key)) {
            text_ += comment_lines(*text, indent);
        }
        text_ += fmt::format("{:{}}\"{}\": ", "", indent, name);
        const std::string_view comma = last ? "" : ",";
        if (value.is_object() && !value.empty()) {
            write_object(key, value, indent);
            text_ += fmt::format("{}\n", comma);
        } else {
            text_ += fmt::format("{}{}{}\n", value.dump(), comma, remark(key, value));
        }
    }

    // What is to be said of this value alone.
    [[nodiscard]] std::string remark(const std::string& key, const ordered_json& value) const {
        if (value.is_object() || key == "complete") {
            return "";
        }
        if (provenance_.is_default(key)) {
            return "  // default";
        }
        std::string text;
        if (const auto layer = provenance_.layer_of(key)) {
            text += fmt::format("  // {}", *layer);
        }
        if (provenance_.is_unverified(key)) {
            text += "  // unverified";
        }
        return text;
    }

    const Provenance& provenance_;
    std::string text_;
};

}  // namespace

std::string annotated_text(const Configuration& configuration, const Provenance& provenance) {
    AnnotatedWriter writer(provenance);
    writer.write_object("", to_json(configuration), 0);
    return writer.take();
}

}  // namespace mmusim::tb

// SPDX-License-Identifier: Apache-2.0
#include "tb/trace/text_trace_writer.hpp"

#include <fmt/format.h>

#include <iterator>
#include <string_view>
#include <utility>

namespace mmusim::tb {

namespace {

constexpr std::size_t text_capacity = std::size_t{64} << 10U;

constexpr PerEnumerator<AccessType, std::string_view> lackey_letters{{" L", " S", "I "}};
constexpr PerEnumerator<AccessType, char> din_labels{{'0', '1', '2'}};

}  // namespace

TextTraceWriter::TextTraceWriter(std::string path) : file_(std::move(path)) {}

void TextTraceWriter::finish() {
    flush();
    file_.commit();
}

void TextTraceWriter::flush_if_full() {
    if (buffer_.size() >= text_capacity) {
        flush();
    }
}

void TextTraceWriter::flush() {
    file_.write(buffer_);
    buffer_.clear();
}

void LackeyWriter::write(const Access& access) {
    fmt::format_to(std::back_inserter(text()), "{} {:08x},{}\n", lackey_letters[access.type],
                   access.address.value, access.size_bytes);
    flush_if_full();
}

void DinWriter::write(const Access& access) {
    const char label = din_labels[access.type];
    fmt::format_to(std::back_inserter(text()), "{} {:x}\n", label, access.address.value);
    if (access.crosses_page()) {
        const VirtualAddress next_page =
            access.address + (page_bytes - access.address.page_offset());
        fmt::format_to(std::back_inserter(text()), "{} {:x}\n", label, next_page.value);
    }
    flush_if_full();
}

}  // namespace mmusim::tb

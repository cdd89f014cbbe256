// SPDX-License-Identifier: Apache-2.0
#include "tests/support/elf_builder.hpp"

#include <algorithm>
#include <iterator>

namespace mmusim::tests {

namespace {

std::string little_endian(std::uint64_t value, unsigned bytes) {
    std::string text;
    for (unsigned byte = 0; byte < bytes; ++byte) {
        text += static_cast<char>(value >> 8 * byte & 0xff);
    }
    return text;
}

std::string half(std::uint64_t value) {
    return little_endian(value, 2);
}

std::string word(std::uint64_t value) {
    return little_endian(value, 4);
}

std::string file_header(const ElfSpec& spec) {
    const unsigned address_bytes = spec.is_64_bit ? 8 : 4;
    const auto address = [&](std::uint64_t value) { return little_endian(value, address_bytes); };
    const unsigned own_bytes = spec.is_64_bit ? 64 : 52;
    const unsigned header_bytes = spec.is_64_bit ? 56 : 32;
    const std::string identification = std::string(
                                           "\x7f"
                                           "ELF") +
                                       (spec.is_64_bit ? '\2' : '\1') + '\1' + '\1' +
                                       std::string(9, '\0');
    return identification + half(spec.type) + half(spec.machine) + word(1) + address(spec.entry) +
           address(own_bytes) + address(0) + word(0) + half(own_bytes) + half(header_bytes) +
           half(spec.headers.size()) + half(0) + half(0) + half(0);
}

std::string program_header(const ElfHeaderSpec& header, bool is_64_bit) {
    if (is_64_bit) {
        const auto number = [](std::uint64_t value) { return little_endian(value, 8); };
        return word(header.type) + word(header.flags) + number(header.offset) +
               number(header.address) + number(header.address) + number(header.file_bytes) +
               number(header.memory_bytes) + number(header.alignment);
    }
    return word(header.type) + word(header.offset) + word(header.address) + word(header.address) +
           word(header.file_bytes) + word(header.memory_bytes) + word(header.flags) +
           word(header.alignment);
}

}  // namespace

std::string elf_text(const ElfSpec& spec) {
    std::string text = file_header(spec);
    for (const ElfHeaderSpec& header : spec.headers) {
        text += program_header(header, spec.is_64_bit);
    }
    text.resize(std::max<std::size_t>(text.size(), spec.file_bytes), '\0');
    for (const auto& [offset, bytes] : spec.contents) {
        text.replace(offset, bytes.size(), bytes);
    }
    const unsigned number_bytes = spec.is_64_bit ? 8 : 4;
    for (const auto& [offset, numbers] : spec.numbers) {
        std::uint64_t place = offset;
        for (const std::uint64_t number : numbers) {
            text.replace(place, number_bytes, little_endian(number, number_bytes));
            place += number_bytes;
        }
    }
    return text;
}

std::vector<std::byte> elf_bytes(const ElfSpec& spec) {
    const std::string text = elf_text(spec);
    std::vector<std::byte> bytes;
    std::transform(text.begin(), text.end(), std::back_inserter(bytes),
                   [](char character) { return static_cast<std::byte>(character); });
    return bytes;
}

}  // namespace mmusim::tests

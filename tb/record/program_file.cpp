// SPDX-License-Identifier: Apache-2.0
#include "tb/record/program_file.hpp"

#include "hw/base/problems.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <fstream>
#include <unistd.h>

namespace mmusim::tb {

namespace {

[[nodiscard]] bool is_program(const std::filesystem::path& path) {
    std::error_code ignored;
    return std::filesystem::is_regular_file(path, ignored) && ::access(path.c_str(), X_OK) == 0;
}

/// The beginning of an ELF file of 64 bits, little endian; then, from byte 18 on, its machine.
constexpr std::string_view elf_start(
    "\x7f"
    "ELF\x02\x01",
    6);
constexpr std::size_t machine_offset = 18;

struct MachineRow {
    std::uint16_t number;
    GuestMachine machine;
};
constexpr std::array<MachineRow, 2> machine_table{
    {{62, GuestMachine::x86_64}, {243, GuestMachine::riscv64}}};

}  // namespace

std::optional<std::filesystem::path> find_program(std::string_view name,
                                                  std::string_view search_path) {
    if (name.find('/') != std::string_view::npos) {
        return is_program(name) ? std::optional<std::filesystem::path>(name) : std::nullopt;
    }
    while (!search_path.empty()) {
        const std::string_view directory = search_path.substr(0, search_path.find(':'));
        search_path.remove_prefix(std::min(directory.size() + 1, search_path.size()));
        const auto path = std::filesystem::path(directory.empty() ? "." : directory) / name;
        if (is_program(path)) {
            return path;
        }
    }
    return std::nullopt;
}

GuestMachine machine_of(const std::filesystem::path& program) {
    std::array<char, machine_offset + 2> start{};
    std::ifstream file(program, std::ios::binary);
    file.read(start.data(), start.size());
    const std::string_view found(start.data(), static_cast<std::size_t>(file.gcount()));
    if (found.starts_with("#!")) {
        throw InputError(fmt::format(
            "{}: is a script, expected a program: name its interpreter first", program.string()));
    }
    if (found.size() == start.size() && found.starts_with(elf_start)) {
        const auto byte = [&](std::size_t index) {
            return static_cast<unsigned>(static_cast<unsigned char>(found[index]));
        };
        const unsigned number = byte(machine_offset) | byte(machine_offset + 1) << 8U;
        for (const MachineRow& row : machine_table) {
            if (row.number == number) {
                return row.machine;
            }
        }
    }
    throw InputError(fmt::format("{}: is no ELF program for x86-64 or 64-bit RISC-V, expected one",
                                 program.string()));
}

std::vector<std::byte> read_whole_file(const std::string& path) {
    std::error_code error;
    const std::uintmax_t size = std::filesystem::file_size(path, error);
    std::vector<std::byte> bytes(error ? 0 : size);
    std::ifstream file(path, std::ios::binary);
    // NOLINTNEXTLINE(cppcoreguidelines-pro-type-reinterpret-cast): the library reads chars
    file.read(reinterpret_cast<char*>(bytes.data()), static_cast<std::streamsize>(bytes.size()));
    if (error || !file) {
        throw InputError(fmt::format("{}: cannot be read, expected a file of the program", path));
    }
    return bytes;
}

}  // namespace mmusim::tb

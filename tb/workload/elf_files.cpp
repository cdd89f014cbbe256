// SPDX-License-Identifier: Apache-2.0
#include "tb/workload/elf_files.hpp"

#include "hw/base/problems.hpp"
#include "sw/processes/elf_image.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstddef>
#include <elf.h>
#include <fstream>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

namespace mmusim::tb {

namespace {

using std::filesystem::path;

struct Machine {
    std::uint16_t number = 0;
    bool is_64_bit = true;
    std::string_view triplet;
};

constexpr std::array<Machine, 9> machines{{
    {.number = EM_RISCV, .triplet = "riscv64-linux-gnu"},
    {.number = EM_RISCV, .is_64_bit = false, .triplet = "riscv32-linux-gnu"},
    {.number = EM_X86_64, .triplet = "x86_64-linux-gnu"},
    {.number = EM_X86_64, .is_64_bit = false, .triplet = "x86_64-linux-gnux32"},
    {.number = EM_386, .is_64_bit = false, .triplet = "i386-linux-gnu"},
    {.number = EM_AARCH64, .triplet = "aarch64-linux-gnu"},
    {.number = EM_ARM, .is_64_bit = false, .triplet = "arm-linux-gnueabihf"},
    {.number = EM_PPC64, .triplet = "powerpc64le-linux-gnu"},
    {.number = EM_LOONGARCH, .triplet = "loongarch64-linux-gnu"},
}};

std::optional<std::string_view> triplet_of(const sw::ElfImage& image) {
    const auto* const found =
        std::find_if(machines.begin(), machines.end(), [&](const Machine& machine) {
            return machine.number == image.machine && machine.is_64_bit == image.is_64_bit;
        });
    return found == machines.end() ? std::nullopt : std::optional(found->triplet);
}

std::vector<path> standard_directories(const sw::ElfImage& program) {
    std::vector<path> directories{"/lib", "/usr/lib"};
    if (const std::optional<std::string_view> triplet = triplet_of(program)) {
        directories.insert(directories.begin(),
                           {path("/lib") / *triplet, path("/usr/lib") / *triplet});
        directories.push_back(path("/usr") / *triplet / "lib");
    }
    return directories;
}

bool is_file(const path& candidate) {
    std::error_code ignored;
    return std::filesystem::is_regular_file(candidate, ignored);
}

std::vector<std::byte> contents_of(const path& file) {
    errno = 0;
    std::ifstream stream(file, std::ios::binary | std::ios::ate);
    const std::streamoff size = stream ? static_cast<std::streamoff>(stream.tellg()) : -1;
    std::vector<std::byte> bytes(size > 0 ? static_cast<std::size_t>(size) : 0);
    stream.seekg(0);
    // NOLINTNEXTLINE(*-reinterpret-cast): the library reads chars
    stream.read(reinterpret_cast<char*>(bytes.data()), static_cast<std::streamsize>(bytes.size()));
    if (!stream) {
        throw InputError(fmt::format("{}: cannot be read: {}", file.string(),
                                     std::generic_category().message(errno)));
    }
    return bytes;
}

sw::ElfFile read_elf_file(const path& file) {
    return {.path = std::filesystem::canonical(file).string(),
            .image = sw::parse_elf(contents_of(file), file.string())};
}

std::string with_origin(std::string directory, const std::string& origin) {
    for (const std::string_view name : {"$ORIGIN", "${ORIGIN}"}) {
        for (auto at = directory.find(name); at != std::string::npos;
             at = directory.find(name, at + origin.size())) {
            directory.replace(at, name.size(), origin);
        }
    }
    return directory;
}

// The directories of DT_RUNPATH or DT_RPATH. Of its variables only $ORIGIN is known; a directory
// with another one is left out.
std::vector<path> directories_of(const std::string& text, const path& origin) {
    std::vector<path> directories;
    std::size_t start = 0;
    while (start <= text.size()) {
        const std::size_t end = std::min(text.find(':', start), text.size());
        const std::string directory = with_origin(text.substr(start, end - start), origin.string());
        if (directory.find('$') == std::string::npos) {
            directories.emplace_back(directory.empty() ? "." : directory);
        }
        start = end + 1;
    }
    return directories;
}

/// A file of the program, and who needed it first.
struct LoadedFile {
    sw::ElfFile file;
    std::optional<std::size_t> needed_by{};  ///< an index; none: the program itself
};

class Loader {
  public:
    explicit Loader(const path& program) {
        if (!is_file(program)) {
            throw InputError(fmt::format("{}: is no file, expected a program", program.string()));
        }
        loaded_.push_back({.file = read_elf_file(program)});
        standard_directories_ = standard_directories(loaded_.front().file.image);
    }

    [[nodiscard]] sw::ProgramFiles read() {
        sw::ProgramFiles files;
        if (loaded_.front().file.image.interpreter) {
            files.interpreter = read_interpreter();
            // What is found goes to the end: breadth first.
            for (std::size_t index = 0; index < loaded_.size(); ++index) {
                load_needed_by(index);
            }
        }
        files.program = std::move(loaded_.front().file);
        for (std::size_t index = 1; index < loaded_.size(); ++index) {
            files.libraries.push_back(std::move(loaded_[index].file));
        }
        return files;
    }

  private:
    [[nodiscard]] sw::ElfFile read_interpreter() {
        const sw::ElfFile& program = loaded_.front().file;
        std::vector<path> candidates{*program.image.interpreter};
        if (const std::optional<std::string_view> triplet = triplet_of(program.image)) {
            const path relative = path(*program.image.interpreter).relative_path();
            candidates.push_back(path("/usr") / *triplet / relative);
        }
        const auto found = std::find_if(candidates.begin(), candidates.end(), is_file);
        if (found == candidates.end()) {
            throw InputError(fmt::format("{}: needs the interpreter {}, which is not there",
                                         program.path, *program.image.interpreter));
        }
        sw::ElfFile interpreter = read_needed(*found, 0);
        if (!same_machine(interpreter.image)) {
            throw InputError(
                fmt::format("{}: needs the interpreter {}, found one for another machine",
                            program.path, interpreter.path));
        }
        note(interpreter, found->filename().string());
        return interpreter;
    }

    void load_needed_by(std::size_t index) {
        // A copy, for loading moves the files.
        const std::vector<std::string> needed = loaded_[index].file.image.linkage.needed;
        for (const std::string& name : needed) {
            if (names_.contains(name)) {
                continue;
            }
            sw::ElfFile file = find(name, index);
            // The same file may be needed by two names.
            const bool is_new = !paths_.contains(file.path);
            note(file, name);
            if (is_new) {
                loaded_.push_back({.file = std::move(file), .needed_by = index});
            }
        }
    }

    void note(const sw::ElfFile& file, const std::string& name) {
        paths_.insert(file.path);
        names_.insert(name);
        names_.insert(file.image.linkage.soname.value_or(name));
    }

    [[nodiscard]] bool same_machine(const sw::ElfImage& image) const {
        const sw::ElfImage& program = loaded_.front().file.image;
        return image.machine == program.machine && image.is_64_bit == program.is_64_bit;
    }

    [[nodiscard]] sw::ElfFile find(const std::string& name, std::size_t requester) const {
        if (name.find('/') != std::string::npos) {
            return is_file(name) ? read_needed(name, requester) : fail_missing(name, requester, {});
        }
        const std::vector<path> directories = directories_for(requester);
        for (const path& directory : directories) {
            if (!is_file(directory / name)) {
                continue;
            }
            sw::ElfFile file = read_needed(directory / name, requester);
            if (same_machine(file.image)) {
                return file;
            }
        }
        return fail_missing(name, requester, directories);
    }

    [[nodiscard]] sw::ElfFile read_needed(const path& file, std::size_t requester) const {
        try {
            return read_elf_file(file);
        } catch (const InputError& error) {
            throw InputError(
                fmt::format("{}: needs {}", loaded_[requester].file.path, error.what()));
        }
    }

    [[nodiscard]] std::vector<path> directories_for(std::size_t requester) const {
        std::vector<path> directories = run_path_of(requester);
        directories.insert(directories.end(), standard_directories_.begin(),
                           standard_directories_.end());
        return directories;
    }

    [[nodiscard]] std::vector<path> run_path_of(std::size_t requester) const {
        const sw::ElfLinkage& linkage = loaded_[requester].file.image.linkage;
        if (linkage.run_path) {
            return directories_of(*linkage.run_path, origin_of(requester));
        }
        std::vector<path> directories;
        for (std::optional<std::size_t> index = requester; index;
             index = loaded_[*index].needed_by) {
            const sw::ElfLinkage& each = loaded_[*index].file.image.linkage;
            if (each.older_run_path && !each.run_path) {
                const std::vector<path> more =
                    directories_of(*each.older_run_path, origin_of(*index));
                directories.insert(directories.end(), more.begin(), more.end());
            }
        }
        return directories;
    }

    [[nodiscard]] path origin_of(std::size_t index) const {
        return path(loaded_[index].file.path).parent_path();
    }

    [[noreturn]] sw::ElfFile fail_missing(const std::string& name, std::size_t requester,
                                          const std::vector<path>& directories) const {
        std::string places;
        for (const path& directory : directories) {
            places += fmt::format("{}{}", places.empty() ? ", expected it in one of " : ", ",
                                  directory.string());
        }
        throw InputError(fmt::format("{}: needs {}, which is not there{}",
                                     loaded_[requester].file.path, name, places));
    }

    std::vector<LoadedFile> loaded_;
    std::vector<path> standard_directories_;
    std::set<std::string> names_;
    std::set<std::string> paths_;
};

}  // namespace

sw::ProgramFiles read_program_files(const path& program) {
    return Loader(program).read();
}

}  // namespace mmusim::tb

// SPDX-License-Identifier: Apache-2.0
#include "tb/workload/elf_files.hpp"

#include "sw/processes/process_maps.hpp"
#include "sw/spaces/region_map.hpp"
#include "tests/support/elf_builder.hpp"
#include "tests/support/input_error.hpp"
#include "tests/support/scratch_directory.hpp"

#include <catch2/catch.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <iterator>
#include <link.h>
#include <sstream>
#include <stdexcept>
#include <string>
#include <sys/personality.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>
#include <vector>

namespace mmusim::tb::elf_files_test {
namespace {

using std::filesystem::canonical;
using std::filesystem::path;
using tests::ElfSpec;

constexpr std::uint64_t stack_limit_bytes = std::uint64_t{8} << 20U;

// A library for RISC-V, or a program if there is an interpreter: 0x1000 bytes with a dynamic
// section that needs, names and looks for what it is told.
struct LinkSpec {
    std::string interpreter{};
    std::vector<std::string> needed{};
    std::string soname{};
    std::string run_path{};
    std::string older_run_path{};
    unsigned machine = 243;
};

std::string linked_elf(const LinkSpec& spec) {
    constexpr std::uint64_t names_offset = 0x800;
    std::string names(1, '\0');
    tests::ElfNumbers entries;
    const auto add = [&](std::uint64_t tag, const std::string& name) {
        if (!name.empty()) {
            entries.insert(entries.end(), {tag, names.size()});
            names += name + '\0';
        }
    };
    for (const std::string& needed : spec.needed) {
        add(1, needed);
    }
    add(14, spec.soname);
    add(29, spec.run_path);
    add(15, spec.older_run_path);
    entries.insert(entries.end(), {5, names_offset, 10, names.size(), 0, 0});

    ElfSpec elf{.machine = spec.machine, .file_bytes = 0x1000};
    elf.headers = {{.file_bytes = 0x1000, .memory_bytes = 0x1000},
                   {.type = tests::dynamic_header,
                    .offset = 0x400,
                    .address = 0x400,
                    .file_bytes = 0x400,
                    .memory_bytes = 0x400}};
    elf.numbers = {{0x400, entries}};
    elf.contents = {{names_offset, names}};
    if (!spec.interpreter.empty()) {
        const std::uint64_t bytes = spec.interpreter.size() + 1;
        elf.headers.push_back({.type = tests::interpreter_header,
                               .offset = 0x300,
                               .address = 0x300,
                               .file_bytes = bytes,
                               .memory_bytes = bytes});
        elf.contents.emplace_back(0x300, spec.interpreter);
    }
    return tests::elf_text(elf);
}

std::vector<std::string> names_of(const std::vector<sw::ElfFile>& files) {
    std::vector<std::string> names;
    std::transform(files.begin(), files.end(), std::back_inserter(names),
                   [](const sw::ElfFile& file) { return path(file.path).filename().string(); });
    return names;
}

std::string error_of(const std::string& program) {
    return tests::input_error_of([&] { static_cast<void>(read_program_files(program)); });
}

// A directory with ld.so in it, and a program that needs what it is told.
struct Bench {
    tests::ScratchDirectory directory;
    std::string interpreter = directory.file("ld.so", linked_elf({.soname = "ld.so"}));
    std::string root = canonical(directory.path()).string();

    void library(const std::string& name, const LinkSpec& spec) const {
        std::filesystem::create_directories(path(directory.path_of(name)).parent_path());
        static_cast<void>(directory.file(name, linked_elf(spec)));
    }
    [[nodiscard]] std::string program(LinkSpec spec) const {
        spec.interpreter = interpreter;
        return directory.file("program", linked_elf(spec));
    }
};

}  // namespace

TEST_CASE("libraries come breadth first, each once, whatever it is called") {
    const Bench bench;
    bench.library("liba.so", {.needed = {"libc.so", "ld.so"}, .run_path = "$ORIGIN"});
    bench.library("libb.so", {.needed = {"libd.so", "other.so"}, .run_path = "${ORIGIN}/deep"});
    bench.library("libc.so", {.soname = "other.so"});
    bench.library("deep/libd.so", {.needed = {"liba-too.so"}, .run_path = "$ORIGIN/.."});
    std::filesystem::create_symlink("liba.so", bench.directory.path_of("liba-too.so"));
    const sw::ProgramFiles files = read_program_files(
        bench.program({.needed = {"liba.so", "libb.so"}, .run_path = "/nowhere:$ORIGIN"}));

    CHECK(files.program.path == bench.root + "/program");
    REQUIRE(files.interpreter);
    CHECK(files.interpreter->path == bench.root + "/ld.so");
    CHECK(names_of(files.libraries) ==
          std::vector<std::string>{"liba.so", "libb.so", "libc.so", "libd.so"});
    CHECK(files.libraries[3].path == bench.root + "/deep/libd.so");
}

TEST_CASE("the older run path serves those below, the newer one only who has it") {
    const Bench bench;
    bench.library("liba.so", {.needed = {"libb.so"}});
    bench.library("libb.so", {});
    const std::vector<std::string> both{"liba.so", "libb.so"};
    CHECK(names_of(read_program_files(
                       bench.program({.needed = {"liba.so"}, .older_run_path = "$ORIGIN"}))
                       .libraries) == both);

    const std::string error =
        error_of(bench.program({.needed = {"liba.so"}, .run_path = "$ORIGIN"}));
    CHECK(error == fmt::format("{}/liba.so: needs libb.so, which is not there, expected it in one "
                               "of /lib/riscv64-linux-gnu, /usr/lib/riscv64-linux-gnu, /lib, "
                               "/usr/lib, /usr/riscv64-linux-gnu/lib",
                               bench.root));
}

TEST_CASE("a library for another machine is passed over") {
    const Bench bench;
    bench.library("first/liba.so", {.machine = 62});
    bench.library("second/liba.so", {});
    const sw::ProgramFiles files = read_program_files(bench.program(
        {.needed = {"liba.so"}, .run_path = "$ORIGIN/first:$ORIGIN/$LIB:$ORIGIN/second"}));

    REQUIRE(files.libraries.size() == 1);
    CHECK(files.libraries[0].path == bench.root + "/second/liba.so");
}

TEST_CASE("what is missing or broken is refused by the name of who needs it") {
    const Bench bench;
    CHECK(error_of(bench.root) == bench.root + ": is no file, expected a program");
    CHECK(error_of(bench.root + "/nothing") ==
          bench.root + "/nothing: is no file, expected a program");

    const std::string script = bench.directory.file("script", "#!/bin/sh\necho hello\n");
    CHECK(error_of(script) == script +
                                  ": found 23 21 2f 62 at the beginning, expected an ELF "
                                  "file, which begins with 7f 45 4c 46");

    const std::string alone =
        bench.directory.file("alone", linked_elf({.interpreter = "/nowhere/ld.so"}));
    CHECK(error_of(alone) ==
          bench.root + "/alone: needs the interpreter /nowhere/ld.so, which is not there");

    const std::string text = bench.directory.file("libtext.so", "GROUP ( libc.so.6 )\n");
    CHECK(error_of(bench.program({.needed = {"libtext.so"}, .run_path = "$ORIGIN"})) ==
          fmt::format("{0}/program: needs {0}/libtext.so: found 47 52 4f 55 at the beginning, "
                      "expected an ELF file, which begins with 7f 45 4c 46",
                      bench.root));

    CHECK(error_of(bench.program({.needed = {"/nowhere/liba.so"}})) ==
          bench.root + "/program: needs /nowhere/liba.so, which is not there");
}

TEST_CASE("this test's own libraries are found where ld.so found them, in its order") {
    const sw::ProgramFiles files = read_program_files("/proc/self/exe");
    std::vector<std::string> loaded;
    const auto note = [](dl_phdr_info* info, std::size_t, void* list) {
        // Without a path: the program itself and the vdso.
        if (info->dlpi_name != nullptr && info->dlpi_name[0] == '/') {
            static_cast<std::vector<std::string>*>(list)->push_back(
                canonical(info->dlpi_name).string());
        }
        return 0;
    };
    ::dl_iterate_phdr(note, &loaded);

    std::vector<std::string> found;
    for (const sw::ElfFile& file : files.libraries) {
        found.push_back(file.path);
    }
    REQUIRE(files.interpreter);
    // ld.so counts itself where it is first needed; it was mapped before all others.
    CHECK(std::erase(loaded, files.interpreter->path) == 1);
    CHECK(found == loaded);
}

namespace {

/// A line of a real /proc/PID/maps.
struct KernelMapping {
    sw::Region region;
    std::string name;
};

/// What a program that shows its own maps has printed.
struct KernelView {
    bool addresses_are_fixed = false;  ///< without randomisation
    std::vector<KernelMapping> mappings;
    std::array<std::uint64_t, 7> statm{};
};

KernelMapping mapping_of(const std::string& line) {
    std::istringstream text(line);
    KernelMapping mapping;
    char dash = 0;
    std::string rights;
    std::uint64_t offset = 0;
    std::string device;
    std::uint64_t inode = 0;
    text >> std::hex >> mapping.region.start.value >> dash >> mapping.region.end.value >> rights >>
        offset >> device >> std::dec >> inode >> std::ws;
    std::getline(text, mapping.name);
    mapping.region.rights = {
        .read = rights.at(0) == 'r', .write = rights.at(1) == 'w', .execute = rights.at(2) == 'x'};
    mapping.region.sharing = rights.at(3) == 's' ? sw::Sharing::shared : sw::Sharing::private_;
    mapping.region.grows_down = mapping.name == "[stack]";
    if (inode != 0) {
        mapping.region.object = sw::ObjectId{};
        mapping.region.object_page = offset / page_bytes;
    }
    return mapping;
}

// Runs a program with the stack limit of the layouts, without randomisation if that is allowed
// here: a container may forbid it.
std::string run_shown(const std::string& program) {
    std::array<int, 2> ends{};
    if (::pipe(ends.data()) != 0) {
        throw std::runtime_error("no pipe");
    }
    const pid_t child = ::fork();
    if (child == 0) {
        ::dup2(ends[1], STDOUT_FILENO);
        const bool is_fixed = ::personality(ADDR_NO_RANDOMIZE) != -1;
        const std::string first_line = is_fixed ? "fixed\n" : "random\n";
        rlimit limit{};
        ::getrlimit(RLIMIT_STACK, &limit);
        limit.rlim_cur = stack_limit_bytes;
        ::setrlimit(RLIMIT_STACK, &limit);
        std::array<char*, 2> arguments{const_cast<char*>(program.c_str()), nullptr};
        std::array<char*, 1> environment{nullptr};
        if (::write(STDOUT_FILENO, first_line.data(), first_line.size()) > 0) {
            ::execve(program.c_str(), arguments.data(), environment.data());
        }
        ::_exit(1);
    }
    ::close(ends[1]);
    std::string output;
    std::array<char, 4096> block{};
    for (ssize_t count = ::read(ends[0], block.data(), block.size()); count > 0;
         count = ::read(ends[0], block.data(), block.size())) {
        output.append(block.data(), static_cast<std::size_t>(count));
    }
    ::close(ends[0]);
    int status = 0;
    ::waitpid(child, &status, 0);
    return status == 0 ? output : "";
}

KernelView kernel_view_of(const std::string& program) {
    std::istringstream output(run_shown(program));
    KernelView view;
    std::string line;
    std::getline(output, line);
    view.addresses_are_fixed = line == "fixed";
    while (std::getline(output, line) && line.find('-') != std::string::npos) {
        // The page of old system calls lies in the kernel's half and is not the process's.
        if (line.find("[vsyscall]") == std::string::npos) {
            view.mappings.push_back(mapping_of(line));
        }
    }
    std::istringstream figures(line);
    for (std::uint64_t& figure : view.statm) {
        figures >> figure;
    }
    return view;
}

// Each file its own object, as the workload does it.
std::vector<sw::ElfFile*> number_files(sw::ProgramFiles& files) {
    std::vector<sw::ElfFile*> all{&files.program};
    if (files.interpreter) {
        all.push_back(&*files.interpreter);
    }
    for (sw::ElfFile& library : files.libraries) {
        all.push_back(&library);
    }
    for (std::uint32_t index = 0; index < all.size(); ++index) {
        all[index]->object = {index};
    }
    return all;
}

// The regions after ld.so's mprotect.
std::vector<sw::Region> final_regions(const sw::ExecLayout& layout) {
    sw::RegionMap map;
    for (const sw::Region& region : layout.regions) {
        map.insert(region);
    }
    for (const sw::PageSpan& span : layout.read_only_spans) {
        map.change(span, [](sw::Region& region) { region.rights = {.read = true}; });
    }
    return map.all();
}

// What lies where, as seen from the first page of the file.
std::string text_of(const sw::Region& region, VirtualAddress base) {
    return fmt::format("{:#x} to {:#x} {}{}{} page {}", region.start.value - base.value,
                       region.end.value - base.value, region.rights.read ? 'r' : '-',
                       region.rights.write ? 'w' : '-', region.rights.execute ? 'x' : '-',
                       region.object_page);
}

std::vector<std::string> texts_of(const std::vector<sw::Region>& regions) {
    std::vector<std::string> texts;
    std::transform(
        regions.begin(), regions.end(), std::back_inserter(texts),
        [&regions](const sw::Region& region) { return text_of(region, regions.front().start); });
    return texts;
}

std::vector<sw::Region> regions_of(const std::vector<sw::Region>& all, sw::ObjectId object) {
    std::vector<sw::Region> regions;
    for (const sw::Region& region : all) {
        if (region.object == object) {
            regions.push_back(region);
        }
    }
    return regions;
}

// Linux keeps neighbours apart of which only one has pages of its own, as after relocation; here
// they are one.
std::vector<sw::Region> regions_of(const KernelView& view, const std::string& name) {
    sw::RegionMap map;
    for (const KernelMapping& mapping : view.mappings) {
        if (mapping.name == name) {
            map.insert(mapping.region);
        }
    }
    return map.all();
}

bool is_zeros_in(const KernelView& view, VirtualAddress start, VirtualAddress end,
                 sw::Rights rights) {
    for (const KernelMapping& mapping : view.mappings) {
        const sw::Region& region = mapping.region;
        if (region.start <= start && end <= region.end) {
            return !region.object && region.rights == rights;
        }
    }
    return false;
}

// A file's regions and the zeros right behind its last one.
void check_file(const sw::ElfFile& file, const std::vector<sw::Region>& modelled,
                const KernelView& view) {
    const std::vector<sw::Region> ours = regions_of(modelled, file.object);
    const std::vector<sw::Region> theirs = regions_of(view, file.path);
    CAPTURE(file.path);
    REQUIRE_FALSE(theirs.empty());
    CHECK(texts_of(ours) == texts_of(theirs));
    const std::uint64_t distance = theirs.front().start.value - ours.front().start.value;
    for (const sw::Region& region : modelled) {
        if (!region.object && region.start == ours.back().end) {
            CHECK(is_zeros_in(view, region.start + distance, region.end + distance, region.rights));
        }
    }
}

void compare_with_kernel(const std::string& program) {
    const KernelView view = kernel_view_of(program);
    REQUIRE_FALSE(view.mappings.empty());
    sw::ProgramFiles files = read_program_files(program);
    const std::vector<sw::ElfFile*> all = number_files(files);
    // The user half of x86-64, so that addresses can be compared too.
    const sw::ExecLayout layout = sw::lay_out(
        files, {.user_half_end = {0x7fff'ffff'f000}, .stack_limit_bytes = stack_limit_bytes});
    const std::vector<sw::Region> modelled = final_regions(layout);

    for (const sw::ElfFile* const file : all) {
        check_file(*file, modelled, view);
    }
    std::vector<sw::Region> regions;
    for (const KernelMapping& mapping : view.mappings) {
        regions.push_back(mapping.region);
    }
    const sw::SpaceSize size = sw::size_of_space(regions, layout.code_start, layout.code_end);
    CHECK(size.total == view.statm[0]);
    CHECK(size.text == view.statm[3]);
    CHECK(size.data == view.statm[5]);

#ifdef __x86_64__
    if (view.addresses_are_fixed) {
        const sw::Region stack = regions_of(view, "[stack]").front();
        CHECK(stack.end == layout.regions.back().end);
        CHECK(stack.pages() == layout.regions.back().pages());
        CHECK(regions_of(modelled, all[0]->object).front().start ==
              regions_of(view, all[0]->path).front().start);
        if (files.interpreter) {
            CHECK(regions_of(modelled, all[1]->object).front().start ==
                  regions_of(view, all[1]->path).front().start);
        }
    }
#endif
}

}  // namespace

TEST_CASE("a dynamic program is mapped as this machine's Linux and ld.so map it") {
    compare_with_kernel(MMUSIM_DYNAMIC_PROGRAM);
}

#ifdef MMUSIM_STATIC_PROGRAM
TEST_CASE("a static program is mapped as this machine's Linux maps it") {
    compare_with_kernel(MMUSIM_STATIC_PROGRAM);
}
#endif

TEST_CASE("a program of this machine fits into every user half of 64 bits, with any seed") {
    sw::ProgramFiles files = read_program_files("/bin/true");
    const std::size_t count = number_files(files).size();
    REQUIRE(count >= 2);
    for (const unsigned bits : {38U, 47U, 56U}) {
        for (std::uint64_t seed = 0; seed < 20; ++seed) {
            const sw::ExecLayout layout =
                sw::lay_out(files, {.user_half_end = {std::uint64_t{1} << bits}, .seed = seed});
            REQUIRE(layout.regions.size() >= 4 * count);
        }
    }
}

}  // namespace mmusim::tb::elf_files_test

// SPDX-License-Identifier: Apache-2.0
#include "tests/tb/cli/random_script.hpp"

#include <fmt/format.h>

#include <array>
#include <cstddef>
#include <string_view>

namespace mmusim::tests {

namespace {

constexpr std::size_t fewest_processes = 8;
constexpr std::size_t most_processes = 12;
constexpr std::uint64_t page_kib = 4;

}  // namespace

std::string RandomScript::text(std::uint64_t lines) {
    line("file F 200KiB");
    line("file G 90KiB warm");
    while (processes_.size() < fewest_processes) {
        make_process();
    }
    for (std::uint64_t number = 0; number < lines; ++number) {
        step();
    }
    return text_;
}

void RandomScript::step() {
    const std::size_t index = random_.below(processes_.size());
    Process& process = processes_[index];
    const std::uint64_t choice = random_.below(1000);
    if (process.regions.empty() || choice < 20) {
        map(process);
    } else if (choice < 860) {
        access(process);
    } else if (choice < 875) {
        unmap(process);
    } else if (choice < 970) {
        change(process, some_region(process));
    } else if (choice < 980) {
        fork(process);
    } else if (choice < 985) {
        end(index);
    } else if (choice < 995) {
        work_on_file();
    } else {
        line(fmt::format("fence {}", process.name));
    }
}

void RandomScript::make_process() {
    processes_.push_back({.name = fmt::format("P{}", ++names_)});
    line("process " + processes_.back().name);
    map(processes_.back());
}

void RandomScript::map(Process& process) {
    constexpr std::array<std::string_view, 7> backings{
        "anon private",  "anon private",  "anon shared", "file F private",
        "file F shared", "file G shared", "shm S shared"};
    const std::string_view backing = backings.at(random_.below(backings.size()));
    const Region region{.name = fmt::format("R{}", ++names_), .pages = 1 + random_.below(40)};
    line(fmt::format("{} map {} {}KiB {} rw{}", process.name, region.name, region.pages * page_kib,
                     backing, random_.below(10) == 0 ? " populate" : ""));
    process.regions.push_back(region);
}

void RandomScript::access(const Process& process) {
    const Region& region = process.regions[random_.below(process.regions.size())];
    const std::uint64_t offset = random_.below(region.pages * page_kib * 128) * 8;
    const std::uint64_t count = 1 + random_.below(60);
    const std::uint64_t step = random_.below(2) == 0 ? 4096 : 8 + 8 * random_.below(200);
    accesses_ += count;
    line(fmt::format("{} {} {} +{} count {} step {}", process.name,
                     random_.below(3) == 0 ? "write" : "read", region.name, offset, count, step));
}

void RandomScript::unmap(Process& process) {
    const std::size_t index = random_.below(process.regions.size());
    line(fmt::format("{} unmap {}", process.name, process.regions[index].name));
    process.regions.erase(process.regions.begin() + static_cast<std::ptrdiff_t>(index));
}

void RandomScript::change(Process& process, Region& region) {
    const std::string call = process.name + " ";
    switch (random_.below(10)) {
        case 0: line(call + "move " + region.name); break;
        case 1:
            region.pages = 1 + random_.below(50);
            line(fmt::format("{}grow {} {}KiB", call, region.name, region.pages * page_kib));
            break;
        case 2: line(call + "protect " + region.name + " r" + part_of(region)); break;
        case 3: line(call + "protect " + region.name + " rw" + part_of(region)); break;
        case 4: line(call + "sync " + region.name + part_of(region)); break;
        case 5:
            line(call + "lock " + region.name);
            line(call + "unlock " + region.name);
            break;
        default: line(call + "advise " + region.name + advice() + part_of(region)); break;
    }
}

void RandomScript::fork(const Process& process) {
    if (processes_.size() == most_processes) {
        return;
    }
    Process child = process;
    child.name = fmt::format("P{}", ++names_);
    line(fmt::format("{} fork {}", process.name, child.name));
    processes_.push_back(child);
}

void RandomScript::end(std::size_t index) {
    line(processes_[index].name + " exit");
    processes_.erase(processes_.begin() + static_cast<std::ptrdiff_t>(index));
    if (processes_.size() < fewest_processes) {
        make_process();
    }
}

void RandomScript::work_on_file() {
    constexpr std::array<std::string_view, 3> actions{"sync ", "drop ", "warm "};
    const std::string_view action = actions.at(random_.below(actions.size()));
    line(std::string(action) + (random_.below(2) == 0 ? "F" : "G"));
}

std::string RandomScript::advice() {
    constexpr std::array<std::string_view, 9> advices{" normal",   " random",   " sequential",
                                                      " willneed", " dontneed", " free",
                                                      " pageout",  " hugepage", " nohugepage"};
    return std::string(advices.at(random_.below(advices.size())));
}

// Nothing is the whole of it.
std::string RandomScript::part_of(const Region& region) {
    if (random_.below(2) == 0) {
        return "";
    }
    const std::uint64_t first = random_.below(region.pages);
    return fmt::format(" +{}KiB {}KiB", first * page_kib,
                       (1 + random_.below(region.pages - first)) * page_kib);
}

}  // namespace mmusim::tests

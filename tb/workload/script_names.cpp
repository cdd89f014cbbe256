// SPDX-License-Identifier: Apache-2.0
#include "tb/workload/script_names.hpp"

#include "tb/text/in_quotes.hpp"
#include "tb/workload/script_words.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>
#include <utility>
#include <vector>

namespace mmusim::tb {

namespace {

[[nodiscard]] std::string_view key_of(const std::string& element) {
    return element;
}

template <typename Value>
[[nodiscard]] std::string_view key_of(const std::pair<const std::string, Value>& element) {
    return element.first;
}

template <typename Container>
[[noreturn]] void refuse_unknown_name(const std::string& name, std::string_view expected,
                                      const Container& known) {
    std::vector<std::string_view> known_names;
    known_names.reserve(known.size());
    for (const auto& element : known) {
        known_names.push_back(key_of(element));
    }
    refuse_unknown(name, expected, known_names);
}

}  // namespace

void ScriptNames::settle() {
    if (!last_change_) {
        return;
    }
    const auto& [kind, subject, name] = *last_change_;
    switch (kind) {
        case Kind::file_made: files_.insert(subject); break;
        case Kind::process_made: processes_[subject]; break;
        case Kind::forked: processes_[name] = processes_[subject]; break;
        case Kind::executed:
            for (auto& region : processes_[subject].is_mapped) {
                region.second = false;
            }
            break;
        case Kind::exited: processes_.erase(subject); break;
        case Kind::mapped: processes_[subject].is_mapped[name] = true; break;
        case Kind::unmapped: processes_[subject].is_mapped[name] = false; break;
    }
    last_change_.reset();
}

void ScriptNames::forget_last_step() {
    last_change_.reset();
}

bool ScriptNames::knows_process(const std::string& process) const {
    return processes_.contains(process);
}

void ScriptNames::use_process(const std::string& process) {
    if (knows_process(process)) {
        return;
    }
    const auto known = processes_;
    processes_[process].any = true;
    refuse_unknown_name(process, "a process that process or fork has made and that has not exited",
                        known);
}

void ScriptNames::use_file(const std::string& file) {
    if (files_.contains(file)) {
        return;
    }
    const auto known = files_;
    files_.insert(file);
    refuse_unknown_name(file, "a file that a line file has made", known);
}

void ScriptNames::use_region(const std::string& process, const std::string& region) {
    Regions& regions = processes_.at(process);
    if (regions.any || regions.is_mapped.contains(region)) {
        return;
    }
    const auto known = regions.is_mapped;
    regions.is_mapped[region] = true;
    refuse_unknown_name(region, fmt::format("a region that {} has mapped", process), known);
}

void ScriptNames::make_file(const std::string& file) {
    if (files_.contains(file)) {
        refuse(fmt::format("{}, a file that is there already", in_quotes(file)), "a new name");
    }
    last_change_ = {.kind = Kind::file_made, .subject = file};
}

void ScriptNames::make_process(const std::string& process) {
    check_new_process(process);
    last_change_ = {.kind = Kind::process_made, .subject = process};
}

void ScriptNames::fork(const std::string& parent, const std::string& child) {
    check_new_process(child);
    last_change_ = {.kind = Kind::forked, .subject = parent, .name = child};
}

void ScriptNames::exec(const std::string& process) {
    last_change_ = {.kind = Kind::executed, .subject = process};
}

void ScriptNames::exit(const std::string& process) {
    last_change_ = {.kind = Kind::exited, .subject = process};
}

void ScriptNames::map(const std::string& process, const std::string& region) {
    const std::map<std::string, bool>& is_mapped = processes_.at(process).is_mapped;
    const auto found = is_mapped.find(region);
    if (found != is_mapped.end() && found->second) {
        refuse(fmt::format("{}, a region that {} has mapped already", in_quotes(region), process),
               "a new name, or unmap before");
    }
    last_change_ = {.kind = Kind::mapped, .subject = process, .name = region};
}

void ScriptNames::set_heap(const std::string& process, const std::string& region) {
    last_change_ = {.kind = Kind::mapped, .subject = process, .name = region};
}

void ScriptNames::unmap(const std::string& process, const std::string& region) {
    last_change_ = {.kind = Kind::unmapped, .subject = process, .name = region};
}

void ScriptNames::check_new_process(const std::string& process) const {
    if (std::find(reserved_.begin(), reserved_.end(), process) != reserved_.end()) {
        refuse(fmt::format("{}, a word that lines begin with", in_quotes(process)),
               "another name for a process");
    }
    if (knows_process(process)) {
        refuse(fmt::format("{}, a process that is there already", in_quotes(process)),
               "a new name, or exit before");
    }
}

}  // namespace mmusim::tb

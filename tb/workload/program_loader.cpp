// SPDX-License-Identifier: Apache-2.0
#include "tb/workload/program_loader.hpp"

#include "tb/workload/elf_files.hpp"

namespace mmusim::tb {

namespace {

void give_object(sw::ElfFile& file, sw::Objects& objects, std::vector<sw::ObjectId>& new_files) {
    if (const auto known = objects.find(sw::ObjectKind::file, file.path)) {
        file.object = *known;
        return;
    }
    file.object = objects.make_file(file.path, file.image.file_bytes);
    new_files.push_back(file.object);
}

}  // namespace

ProgramLoader::ProgramLoader(const Settings& settings) : settings_(settings) {
    if (settings.seed) {
        seeds_.emplace(*settings.seed);
    }
}

ProgramLoader::Program ProgramLoader::load(const std::string& path, sw::Objects& objects) {
    Program program;
    sw::ProgramFiles files = read_program_files(path);
    give_object(files.program, objects, program.new_files);
    if (files.interpreter) {
        give_object(*files.interpreter, objects, program.new_files);
    }
    for (sw::ElfFile& library : files.libraries) {
        give_object(library, objects, program.new_files);
    }
    sw::ExecOptions options{.user_half_end = settings_.user_half_end,
                            .stack_limit_bytes = settings_.stack_limit_bytes};
    if (seeds_) {
        options.seed = seeds_->next();
    }
    program.layout = sw::lay_out(files, options);
    return program;
}

}  // namespace mmusim::tb

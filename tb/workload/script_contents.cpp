// SPDX-License-Identifier: Apache-2.0
#include "tb/workload/script_contents.hpp"

#include <cstdint>

namespace mmusim::tb {

template <typename Tell>
void ScriptContents::tell(Tell tell) const {
    if (checker_ != nullptr) {
        tell(checker_->programs());
    }
}

void ScriptContents::made_file(sw::ObjectId id) const {
    tell([&](ContentsOracle& programs) {
        const sw::Object& file = system_->objects()[id];
        programs.make_file(id, file.bytes, file.first_storage_page);
    });
}

void ScriptContents::made_shared_memory(sw::ObjectId id) const {
    tell([&](ContentsOracle& programs) { programs.make_shared_memory(id); });
}

void ScriptContents::made_process(sw::ProcessId id) const {
    tell([&](ContentsOracle& programs) { programs.make_process(id); });
}

void ScriptContents::forked(sw::ProcessId parent, sw::ProcessId child) const {
    tell([&](ContentsOracle& programs) { programs.fork(parent, child); });
}

void ScriptContents::executed(sw::ProcessId id) const {
    tell([&](ContentsOracle& programs) {
        programs.exec(id);
        for (const sw::Region& region : system_->regions_of(id)) {
            programs.map(id, region);
        }
    });
}

void ScriptContents::exited(sw::ProcessId id) const {
    tell([&](ContentsOracle& programs) { programs.exit(id); });
}

void ScriptContents::mapped(sw::ProcessId id, sw::PageSpan span) const {
    tell([&](ContentsOracle& programs) {
        for (const sw::Region& region : regions_in(id, span)) {
            programs.map(id, region);
        }
    });
}

void ScriptContents::unmapped(sw::ProcessId id, sw::PageSpan span) const {
    tell([&](ContentsOracle& programs) { programs.unmap(id, span); });
}

void ScriptContents::moved(sw::ProcessId id, sw::PageSpan span, VirtualAddress to) const {
    tell([&](ContentsOracle& programs) { programs.move(id, span, to); });
}

void ScriptContents::resized(sw::ProcessId id, sw::PageSpan before, sw::PageSpan after) const {
    if (after.end < before.end) {
        unmapped(id, {.start = after.end, .end = before.end});
    }
    mapped(id, {.start = before.end, .end = after.end});
}

void ScriptContents::advised(sw::ProcessId id, sw::PageSpan span, sw::Advice advice) const {
    tell([&](ContentsOracle& programs) {
        if (advice == sw::Advice::dontneed) {
            tell_of_loss(programs, id, span);
        }
        if (advice == sw::Advice::free) {
            programs.free(id, span);
        }
    });
}

// What could not be read, or had no frame, was not copied; nor was what may not be written.
void ScriptContents::copied(sw::ProcessId id) const {
    tell([&](ContentsOracle& programs) {
        for (const sw::PageSpan span : system_->calls().copied()) {
            programs.copy_private(id, span);
        }
    });
}

// Of an explicit huge page no part is given back.
void ScriptContents::tell_of_loss(ContentsOracle& programs, sw::ProcessId id,
                                  sw::PageSpan span) const {
    const std::vector<PageSize> sizes = system_->huge_page_sizes();
    for (const sw::Region& region : regions_in(id, span)) {
        const std::uint64_t page =
            region.leaf_level == 0 ? page_bytes : sizes.at(region.leaf_level - 1).bytes();
        programs.dontneed(id, {.start = region.start, .end = {region.end.value / page * page}});
    }
}

std::vector<sw::Region> ScriptContents::regions_in(sw::ProcessId id, sw::PageSpan span) const {
    return system_->regions_of(id, span);
}

}  // namespace mmusim::tb

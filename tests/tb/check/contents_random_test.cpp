// SPDX-License-Identifier: Apache-2.0
// Random programs under an operating system that is lazy: without a defect nobody finds what he
// should not, and each defect is found.
#include "hw/base/random.hpp"
#include "tb/check/contents_checker.hpp"
#include "tb/check/translation_checker.hpp"
#include "tests/support/printing.hpp"
#include "tests/tb/check/lazy_system.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace mmusim::tb::contents_random_test {

namespace {

using tests::Defect;
using tests::LazySystem;
using tests::LazyWork;

// Programs know these pages only, so that their mappings meet.
constexpr std::uint64_t first_page = 0x4'0000;
constexpr std::uint64_t page_count = 48;
constexpr std::uint64_t most_pages = 10;  // of one mapping
constexpr std::size_t most_processes = 4;

constexpr VirtualAddress page(std::uint64_t number) {
    return {(first_page + number) * page_bytes};
}

class RandomPrograms {
  public:
    RandomPrograms(Defect defect, std::uint64_t seed)
        : random_(seed), system_(defect, seed + 1, checker_) {
        objects_ = {system_.make_file(6 * page_bytes), system_.make_file(2 * page_bytes + 1000),
                    system_.make_shared_memory()};
        processes_ = {system_.make_process()};
    }

    // One call or access.
    void step() {
        const std::uint64_t choice = random_.below(1000);
        const sw::ProcessId id = processes_[random_.below(processes_.size())];
        if (choice < 900) {
            access(id);
        } else if (choice < 930) {
            const bool populate = random_.below(4) == 0;
            system_.map(id, region(), populate);
        } else if (choice < 940) {
            system_.unmap(id, span());
        } else if (choice < 950) {
            move(id);
        } else if (choice < 956) {
            system_.dontneed(id, span());
        } else if (choice < 970) {
            system_.free(id, span());
        } else if (choice < 978) {
            system_.sync(objects_[random_.below(2)]);
        } else if (choice < 982) {
            system_.drop(objects_[random_.below(2)]);
        } else if (choice < 990) {
            system_.reclaim();
        } else {
            come_and_go(id, choice);
        }
    }

    [[nodiscard]] const LazyWork& work() const { return system_.work(); }
    [[nodiscard]] std::uint64_t checked() const { return checker_.checked(); }

  private:
    void access(sw::ProcessId id) {
        constexpr std::array<std::uint64_t, 6> offsets{0, 8, 996, 1000, 2048, 4080};
        const std::uint64_t near = offsets.at(random_.below(offsets.size()));
        const std::uint64_t offset = near + random_.below(8);
        const std::uint64_t bytes = 1 + random_.below(8);
        const AccessType type = random_.below(2) == 0 ? AccessType::write : AccessType::read;
        system_.access(id, page(random_.below(page_count)) + offset, bytes, type);
    }

    void move(sw::ProcessId id) {
        constexpr std::uint64_t half = page_count / 2;
        const std::uint64_t from = random_.below(half);
        const std::uint64_t pages = 1 + random_.below(half - from);
        const std::uint64_t to = half + random_.below(half - pages + 1);
        const bool upwards = random_.below(2) == 0;
        const std::uint64_t first = upwards ? from : to;
        system_.move(id, {.start = page(first), .end = page(first + pages)},
                     page(upwards ? to : from));
    }

    void come_and_go(sw::ProcessId id, std::uint64_t choice) {
        if (choice < 995) {
            if (processes_.size() < most_processes) {
                processes_.push_back(system_.fork(id));
            }
        } else if (choice < 999) {
            if (processes_.size() > 1) {
                system_.exit(id);
                std::erase(processes_, id);
            }
        } else {
            system_.exec(id);
        }
    }

    [[nodiscard]] sw::PageSpan span() {
        const std::uint64_t first = random_.below(page_count);
        const std::uint64_t pages = 1 + random_.below(std::min(most_pages, page_count - first));
        return {.start = page(first), .end = page(first + pages)};
    }

    [[nodiscard]] sw::Region region() {
        const sw::PageSpan where = span();
        sw::Region region{.start = where.start, .end = where.end, .rights = {}};
        region.sharing = random_.below(4) == 0 ? sw::Sharing::shared : sw::Sharing::private_;
        if (random_.below(8) < (region.sharing == sw::Sharing::private_ ? 3 : 7)) {
            region.object = objects_[random_.below(objects_.size())];
            region.object_page = random_.below(3);
        }
        return region;
    }

    Random random_;
    ContentsChecker checker_;
    LazySystem system_;
    std::vector<sw::ObjectId> objects_;  // two files, then shared memory
    std::vector<sw::ProcessId> processes_;
};

// What the checker says within so many steps.
std::optional<std::string> complaint(RandomPrograms& programs, std::uint64_t steps) {
    try {
        for (std::uint64_t step = 0; step < steps; ++step) {
            programs.step();
        }
    } catch (const CheckFailure& failure) {
        return failure.what();
    }
    return std::nullopt;
}

constexpr std::uint64_t steps = 300'000;

}  // namespace

TEST_CASE("without a defect every load finds what it should, however data has moved",
          "[contents]") {
    for (std::uint64_t seed = 0; seed < 3; ++seed) {
        RandomPrograms programs(Defect::none, seed);
        CAPTURE(seed);
        REQUIRE(complaint(programs, steps) == std::nullopt);

        const LazyWork& work = programs.work();
        CHECK(programs.checked() == work.accesses);
        CHECK(work.accesses > steps / 4);
        for (const std::uint64_t moves :
             {work.copies, work.reuses, work.blocks, work.block_copies, work.swapped_out,
              work.swapped_in, work.files_read, work.files_written, work.lazily_freed}) {
            CHECK(moves > 100);
        }
    }
}

TEST_CASE("each defect is found", "[contents]") {
    for (std::size_t index = 1; index < enumerator_count<Defect>; ++index) {
        const auto defect = static_cast<Defect>(index);
        for (std::uint64_t seed = 0; seed < 3; ++seed) {
            RandomPrograms programs(defect, seed);
            CAPTURE(defect, seed);
            const std::optional<std::string> found = complaint(programs, steps);
            REQUIRE(found);
            CHECK_THAT(*found, Catch::Matchers::StartsWith("check: access ") &&
                                   Catch::Matchers::Contains(", expected "));
        }
    }
}

}  // namespace mmusim::tb::contents_random_test

// SPDX-License-Identifier: Apache-2.0
// Fences that left behind what they named.
#include "hw/tlb/tlb_array.hpp"
#include "tests/support/printing.hpp"

#include <catch2/catch.hpp>

#include <array>
#include <optional>
#include <vector>

namespace mmusim::hw::fences_test {
namespace {

constexpr std::array<PageSize, 4> sizes{{{12}, {16}, {21}, {30}}};
const std::array<TlbParameters, 2> shapes{{{.sets = 16, .ways = 4}, {.sets = 1, .ways = 8}}};

// In an array of its own: the first page of 1 GiB on, which is aligned for every size.
constexpr VirtualPageNumber first_page{0x4'0000};
constexpr Asid own_asid{7};
constexpr Asid other_asid{8};

TlbArray array_of(const TlbParameters& shape) {
    return {shape, {sizes.begin(), sizes.end()}, 1};
}

TranslatedPage page_of(PageSize size, bool global) {
    return {.physical_page = {0x8'0000}, .size = size, .flags = {0xdf}, .global = global};
}

std::uint64_t pages_inside(PageSize size) {
    return size.bytes() / page_bytes;
}

// OpenXiangShan/XiangShan#1859: a fence missed global superpages in the second level.
TEST_CASE("published bug 4: a fence finds pages of every size by all its operands") {
    for (const TlbParameters& shape : shapes) {
        for (const PageSize size : sizes) {
            const std::uint64_t bytes = size.bytes();
            const std::vector<std::optional<VirtualAddress>> inside{
                std::nullopt, first_page.address(), first_page.address() + (bytes - 1)};
            const std::vector<std::optional<VirtualAddress>> outside{
                first_page.address() + bytes, VirtualAddress{first_page.address().value - 1}};
            for (const bool global : {false, true}) {
                CAPTURE(shape.sets, size, global);
                const auto fenced = [&](const Fence& fence) {
                    TlbArray array = array_of(shape);
                    array.fill(first_page, own_asid, page_of(size, global));
                    const std::uint64_t removed = array.invalidate(fence);
                    CHECK(array.entries().size() == 1 - removed);
                    CHECK(array.lookup(first_page, own_asid).has_value() == (removed == 0));
                    return removed == 1;
                };
                for (const auto& address : inside) {
                    CHECK(fenced({.address = address}));
                    CHECK(fenced({.address = address, .asid = own_asid}) == !global);
                    CHECK_FALSE(fenced({.address = address, .asid = other_asid}));
                }
                for (const auto& address : outside) {
                    CHECK_FALSE(fenced({.address = address}));
                    CHECK_FALSE(fenced({.address = address, .asid = own_asid}));
                }
            }
        }
    }
}

// chipsalliance/rocket-chip#3297: a fence by address missed a superpage that lay in fragments. Here
// superpages lie whole; the like is one that was filled for one of its addresses and is fenced by
// another.
TEST_CASE("published bug 6: a fence by any address of a page removes it whichever filled it") {
    for (const TlbParameters& shape : shapes) {
        for (const PageSize size : sizes) {
            const std::uint64_t pages = pages_inside(size);
            // Every page of the smaller ones; of 1 GiB some in each 2 MiB.
            const std::uint64_t step = pages > 512 ? 509 : 1;
            for (std::uint64_t number = 0; number < pages; number += step) {
                TlbArray array = array_of(shape);
                array.fill(first_page + (pages - 1 - number), own_asid, page_of(size, false));
                array.fill(first_page + pages, own_asid, page_of({12}, false));
                const VirtualAddress anywhere = (first_page + number).address() + 0xfff;
                CAPTURE(shape.sets, size, number);
                REQUIRE(array.invalidate({.address = anywhere, .asid = own_asid}) == 1);
                REQUIRE_FALSE(array.lookup(first_page, own_asid));
                REQUIRE_FALSE(array.lookup(first_page + (pages - 1), own_asid));
                REQUIRE(array.lookup(first_page + pages, own_asid));
            }
        }
    }
}

}  // namespace
}  // namespace mmusim::hw::fences_test

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tb/check/naive_request.hpp"
#include "tb/vectors/walk_judge.hpp"

#include <cstdint>
#include <map>
#include <optional>

namespace mmusim::tests {

/// Answers walk vectors by the naive translation, from a memory of its own.
class NaiveJudge final : public tb::WalkJudge {
  public:
    explicit NaiveJudge(hw::PagingMode mode) : paging_{.mode = mode} {}

    void begin_image() override { bytes_.clear(); }

    void write(const tb::ImageWord& word) override {
        for (unsigned byte = 0; byte < 8; ++byte) {
            bytes_[word.address.value + byte] =
                static_cast<std::uint8_t>(word.value >> 8 * byte & 0xff);
        }
    }

    [[nodiscard]] tb::WalkAnswer translate(const hw::TranslationRequest& request) override {
        const tb::NaiveAnswer naive = tb::translate_naively(
            tb::naive_request_of(request, paging_),
            [this](std::uint64_t address, unsigned bytes) { return read(address, bytes); });
        using Kind = tb::NaiveAnswer::Kind;
        if (naive.kind == Kind::page_fault) {
            return {.outcome = hw::FaultCause::page_fault};
        }
        if (naive.kind == Kind::access_fault) {
            return {.outcome = hw::FaultCause::access_fault};
        }
        tb::WalkAnswer answer{.outcome = PhysicalAddress{naive.physical_address}};
        if (naive.updated_entry) {
            const tb::NaiveEntry& leaf = naive.entries.back();
            answer.writes.push_back({.address = {leaf.address},
                                     .bytes = paging_.mode == hw::PagingMode::sv32 ? 4U : 8U,
                                     .before = *leaf.value,
                                     .after = *naive.updated_entry});
        }
        return answer;
    }

  private:
    [[nodiscard]] std::optional<std::uint64_t> read(std::uint64_t address, unsigned bytes) const {
        if (address < 0x8000'0000 || address > 0x8fff'ffff) {
            return std::nullopt;
        }
        std::uint64_t value = 0;
        for (unsigned byte = 0; byte < bytes; ++byte) {
            const auto found = bytes_.find(address + byte);
            value |= std::uint64_t{found == bytes_.end() ? std::uint8_t{0} : found->second}
                     << 8 * byte;
        }
        return value;
    }

    hw::PagingParameters paging_;
    std::map<std::uint64_t, std::uint8_t> bytes_;
};

}  // namespace mmusim::tests

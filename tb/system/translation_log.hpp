// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "hw/base/types.hpp"
#include "hw/cpu/address_generator_module.hpp"
#include "tb/output/output_file.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace mmusim::tb {

/// A table with a row for each translation, as comma-separated values with a head line: what was
/// asked, what came of it, when, and how many cycles went to each stage. The rows are in the order
/// of completion; the number of its access says where a row stands in the program.
class TranslationLog {
  public:
    explicit TranslationLog(const std::string& path);

    void write(const hw::FinishedTranslation& finished);

    /// All rows are written.
    void commit();

  private:
    // A row that waits until no earlier one can come any more.
    struct Row {
        Cycles done;
        std::uint64_t number = 0;
        std::string text;
    };

    [[nodiscard]] static bool later(const Row& left, const Row& right);
    void write_rows_until(std::optional<Cycles> now);

    OutputFile file_;
    std::vector<Row> rows_;
    std::uint64_t next_number_ = 0;
};

}  // namespace mmusim::tb

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "hw/cpu/address_generator_module.hpp"
#include "tb/output/output_file.hpp"

namespace mmusim::tb {

/// A table with a row for each translation, as comma-separated values with a head line: what was
/// asked, what came of it, when, and how many cycles went to each stage.
class TranslationLog {
  public:
    explicit TranslationLog(const std::string& path);

    void write(const hw::FinishedTranslation& translation);

    /// All rows are written.
    void commit() { file_.commit(); }

  private:
    OutputFile file_;
};

}  // namespace mmusim::tb

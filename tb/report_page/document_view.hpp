// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tb/report_page/html.hpp"
#include "tb/report_page/report_document.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace mmusim::tb {

/// Where a figure stands in a document.
using Pointer = nlohmann::ordered_json::json_pointer;

/// A value of a document as a person reads it: numbers with their digits grouped, those that are
/// not whole with two decimals or four digits, no_number for null, nothing for what has parts.
[[nodiscard]] std::string figure_text(const nlohmann::ordered_json& value);

/// A number, a text, true, false or null of a document, and where it stands.
struct Leaf {
    std::string key;  ///< dotted, lists by number: "pte_reads_by_level[0]"
    Pointer pointer;
    const nlohmann::ordered_json* value;
};

/// All that is in `value`, in its order. Lists of lists and lists of objects, which are tables of
/// their own, are left out.
[[nodiscard]] std::vector<Leaf> leaves_of(const nlohmann::ordered_json& value,
                                          const Pointer& pointer);

/// One document of the page. The document outlives it.
class DocumentView {
  public:
    /// `number`: of the document on the page, from 0.
    DocumentView(const ReportDocument& document, std::size_t number)
        : document_(&document), number_(number) {}

    [[nodiscard]] const ReportDocument& document() const { return *document_; }
    [[nodiscard]] std::size_t number() const { return number_; }

    /// None where nothing stands there.
    [[nodiscard]] const nlohmann::ordered_json* find(const Pointer& pointer) const;

    /// None also where what stands there is no whole number.
    [[nodiscard]] std::optional<std::uint64_t> count(const Pointer& pointer) const;

    /// What stands there as a cell; no_number where nothing does.
    [[nodiscard]] Cell cell(const Pointer& pointer) const;

    /// The names of the members of the object that stands there, in their order.
    [[nodiscard]] std::vector<std::string> names(const Pointer& pointer) const;

    /// How many entries the list has that stands there.
    [[nodiscard]] std::size_t entries(const Pointer& pointer) const;

  private:
    const ReportDocument* document_;
    std::size_t number_;
};

/// How much of the whole the part is, as a percentage with a bar.
[[nodiscard]] Cell share_cell(std::optional<std::uint64_t> part,
                              std::optional<std::uint64_t> whole);

/// The quotient with two decimals.
[[nodiscard]] Cell quotient_cell(std::optional<std::uint64_t> dividend,
                                 std::optional<std::uint64_t> divisor);

}  // namespace mmusim::tb

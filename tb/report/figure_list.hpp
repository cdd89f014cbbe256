// SPDX-License-Identifier: Apache-2.0
// The figures of a struct of statistics as a list, for pages that say what each is.
#pragma once

#include "hw/base/enumeration.hpp"
#include "hw/base/fields.hpp"
#include "hw/base/page_size.hpp"

#include <fmt/format.h>

#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

namespace mmusim::tb {

struct FigureDescription {
    /// Dotted, after the groups that it is in; SIZE stands for any page size, [] for any entry.
    std::string name;
    std::string_view unit;
    std::string_view description;
    /// What it may be, or what it is counted by.
    std::span<const std::string_view> enumerators{};
};

template <HasFields Statistics, typename Visitor>
void for_each_figure(const std::string& prefix, const Visitor& visit);

/// How a member's type says which figures it is. The last argument of `list` only picks the
/// function for that type.
template <typename Visitor>
struct FigureLister {
    const Visitor& visit;

    template <typename Field, typename Value>
    void list(const std::string& name, const Field& field, const Value* /*type*/) const {
        if constexpr (HasFields<Value>) {
            for_each_figure<Value>(name, visit);
        } else if constexpr (NamedEnumeration<Value>) {
            visit(described(name, field, names_of<Value>));
        } else {
            visit(described(name, field, {}));
        }
    }

    template <typename Field, typename Enumeration, typename Value>
    void list(const std::string& name, const Field& field,
              const PerEnumerator<Enumeration, Value>* /*type*/) const {
        visit(described(name, field, names_of<Enumeration>));
    }

    template <typename Field, HasFields Statistics>
    void list(const std::string& name, const Field& /*field*/,
              const std::map<PageSize, Statistics>* /*type*/) const {
        for_each_figure<Statistics>(name + ".SIZE", visit);
    }

    template <typename Field, HasFields Statistics>
    void list(const std::string& name, const Field& /*field*/,
              const std::optional<Statistics>* /*type*/) const {
        for_each_figure<Statistics>(name, visit);
    }

    template <typename Field, HasFields Statistics>
    void list(const std::string& name, const Field& /*field*/,
              const std::vector<Statistics>* /*type*/) const {
        for_each_figure<Statistics>(name + "[]", visit);
    }

    template <typename Field>
    [[nodiscard]] static FigureDescription described(
        const std::string& name, const Field& field,
        std::span<const std::string_view> enumerators) {
        return {.name = name,
                .unit = field.unit,
                .description = field.description,
                .enumerators = enumerators};
    }
};

/// Calls `visit(FigureDescription)` for each figure of `Statistics` and of the groups in it. Their
/// names begin with `prefix` and a dot, or with nothing where it is empty.
template <HasFields Statistics, typename Visitor>
void for_each_figure(const std::string& prefix, const Visitor& visit) {
    const FigureLister<Visitor> lister{visit};
    for_each_field<Statistics>([&](const auto& field) {
        using Value = typename std::decay_t<decltype(field)>::MemberType;
        const std::string name =
            prefix.empty() ? std::string{field.name} : fmt::format("{}.{}", prefix, field.name);
        lister.list(name, field, static_cast<const Value*>(nullptr));
    });
}

}  // namespace mmusim::tb

// SPDX-License-Identifier: Apache-2.0
#include "tb/explore/explorer.hpp"

#include "tb/explore/pareto_front.hpp"

#include <algorithm>
#include <cstddef>
#include <iterator>
#include <utility>

namespace mmusim::tb {

namespace {

// Buckets that double: 0, 1, 2 to 3, 4 to 7 …; those without a translation are left out.
std::vector<std::array<std::uint64_t, 3>> buckets_of(const std::vector<std::uint64_t>& counts) {
    std::vector<std::array<std::uint64_t, 3>> buckets;
    std::size_t low = 0;
    while (low < counts.size()) {
        const std::size_t high = low == 0 ? 0 : 2 * low - 1;
        std::uint64_t count = 0;
        for (std::size_t distance = low; distance <= std::min(high, counts.size() - 1);
             ++distance) {
            count += counts[distance];
        }
        if (count > 0) {
            buckets.push_back({low, high, count});
        }
        low = high + 1;
    }
    return buckets;
}

Candidate candidate_of(const Geometry& geometry, CostAxis axis) {
    return {.cost = geometry.cost.along(axis), .misses = geometry.misses};
}

// Which of `marked` are worth their cost among `geometries`.
void mark_pareto_fronts(const std::vector<Geometry>& geometries,
                        const std::vector<Geometry*>& marked) {
    for (const CostAxis axis : all_cost_axes) {
        std::vector<Candidate> candidates;
        candidates.reserve(geometries.size());
        for (const Geometry& geometry : geometries) {
            candidates.push_back(candidate_of(geometry, axis));
        }
        for (Geometry* const geometry : marked) {
            geometry->pareto[axis] = on_pareto_front(candidate_of(*geometry, axis), candidates);
        }
    }
}

// The geometry with the least `measure`, of equals the one with the fewest ways, which compares
// less, among those that miss at most so many. A measure that is not known is none.
template <typename Measure>
std::optional<TlbShape> least(const std::vector<Geometry>& geometries, std::uint64_t most_misses,
                              const Measure& measure) {
    const Geometry* best = nullptr;
    for (const Geometry& geometry : geometries) {
        const std::optional<std::uint64_t> measured = measure(geometry);
        if (geometry.misses > most_misses || !measured) {
            continue;
        }
        const bool better = best == nullptr || measured < measure(*best) ||
                            (measured == measure(*best) && geometry.ways < best->ways);
        if (better) {
            best = &geometry;
        }
    }
    return best == nullptr ? std::nullopt : std::optional(best->shape());
}

ProcessMisses misses_of(std::string trace, const ClassifiedMisses& counts) {
    return {.trace = std::move(trace),
            .lookups = counts.lookups,
            .misses = counts.misses(),
            .compulsory = counts.compulsory,
            .capacity = counts.capacity,
            .conflict = counts.conflict};
}

}  // namespace

Explorer::Explorer(ExplorationPlan plan)
    : plan_(std::move(plan)), by_page_size_(plan_.page_sizes.size()) {
    for (Streams& streams : by_page_size_) {
        for (Stream& stream : streams.values) {
            for (const TlbShape shape : plan_.points) {
                stream.points.emplace_back(shape);
            }
        }
    }
}

void Explorer::access(std::uint32_t process, const Access& access) {
    const auto kind =
        access.type == AccessType::fetch ? AccessStreamKind::fetch : AccessStreamKind::data;
    const VirtualPageNumber first = page_number_of(access.address);
    const bool crosses = access.crosses_page();
    for (std::size_t index = 0; index < by_page_size_.size(); ++index) {
        const PageSize size = plan_.page_sizes[index];
        for (Stream* const stream :
             {&by_page_size_[index][kind], &by_page_size_[index][AccessStreamKind::unified]}) {
            ++stream->accesses;
            stream->look_up({.process = process, .number = page_number_in_units_of(size, first)});
            if (crosses) {
                stream->look_up(
                    {.process = process, .number = page_number_in_units_of(size, first + 1)});
            }
        }
    }
}

void Explorer::Stream::look_up(ProcessPage page) {
    const std::optional<std::uint64_t> distance = distances.look_up(page);
    geometries.look_up(page, distance);
    for (LruPoint& point : points) {
        point.look_up(page, distance);
    }
}

Exploration Explorer::exploration() const {
    Exploration result;
    for (std::size_t index = 0; index < by_page_size_.size(); ++index) {
        PageExploration& explored = result.emplace_back();
        explored.page_size = plan_.page_sizes[index];
        for (std::size_t kind = 0; kind < enumerator_count<AccessStreamKind>; ++kind) {
            explored.streams.values.at(kind) =
                exploration_of(by_page_size_[index].values.at(kind), explored.page_size);
        }
    }
    return result;
}

StreamExploration Explorer::exploration_of(const Stream& stream, PageSize size) const {
    StreamExploration result{.accesses = stream.accesses,
                             .translations = stream.geometries.lookups(),
                             .pages = stream.distances.pages()};
    for (std::size_t ways = 1; ways <= LruGeometries::most_ways; ++ways) {
        result.ways.push_back(ways);
    }
    for (std::size_t set_bits = 0; set_bits < LruGeometries::set_counts; ++set_bits) {
        result.sets.push_back(std::uint64_t{1} << set_bits);
        std::vector<std::uint64_t> row;
        for (const std::uint64_t ways : result.ways) {
            row.push_back(stream.geometries.misses(set_bits, ways));
        }
        result.misses.push_back(std::move(row));
    }
    std::uint64_t entries = 1;
    for (const std::uint64_t misses : stream.distances.misses_by_power_of_two()) {
        result.fully_associative.push_back({entries, misses});
        entries *= 2;
    }
    result.reuse_distance = buckets_of(stream.distances.counts());
    result.geometries = geometries_of(stream, size);
    for (const LruPoint& point : stream.points) {
        result.points.push_back(point_of(point, size));
        mark_pareto_fronts(result.geometries, {&result.points.back()});
    }
    for (const MissRate rate : plan_.miss_rates) {
        result.targets.push_back(target_of(stream, result.geometries, rate));
    }
    return result;
}

std::vector<Geometry> Explorer::geometries_of(const Stream& stream, PageSize size) const {
    std::vector<Geometry> geometries;
    const auto add = [&](TlbShape shape, std::uint64_t misses, std::uint64_t conflict) {
        const std::uint64_t compulsory = stream.distances.pages();
        geometries.push_back({.sets = shape.sets,
                              .ways = shape.ways,
                              .entries = shape.entries(),
                              .misses = misses,
                              .compulsory = compulsory,
                              .capacity = misses - compulsory - conflict,
                              .conflict = conflict,
                              .cost = cost_of(shape, size)});
    };
    for (std::size_t set_bits = 0; set_bits < LruGeometries::set_counts; ++set_bits) {
        for (std::size_t ways = 1; ways <= LruGeometries::most_ways; ++ways) {
            add({.sets = std::uint64_t{1} << set_bits, .ways = ways},
                stream.geometries.misses(set_bits, ways),
                stream.geometries.conflicts(set_bits, ways));
        }
    }
    std::uint64_t entries = 1;
    for (const std::uint64_t misses : stream.distances.misses_by_power_of_two()) {
        if (entries > LruGeometries::most_ways) {
            add({.sets = 1, .ways = entries}, misses, 0);
        }
        entries *= 2;
    }
    std::vector<Geometry*> all;
    all.reserve(geometries.size());
    for (Geometry& geometry : geometries) {
        all.push_back(&geometry);
    }
    mark_pareto_fronts(geometries, all);
    return geometries;
}

Point Explorer::point_of(const LruPoint& point, PageSize size) const {
    Point result;
    ClassifiedMisses all;
    const std::size_t processes = std::max(plan_.processes.size(), point.by_process().size());
    for (std::size_t process = 0; process < processes; ++process) {
        const ClassifiedMisses counts =
            process < point.by_process().size() ? point.by_process()[process] : ClassifiedMisses{};
        all += counts;
        result.processes.push_back(misses_of(
            process < plan_.processes.size() ? plan_.processes[process] : std::string{}, counts));
    }
    static_cast<Geometry&>(result) = {.sets = point.shape().sets,
                                      .ways = point.shape().ways,
                                      .entries = point.shape().entries(),
                                      .misses = all.misses(),
                                      .compulsory = all.compulsory,
                                      .capacity = all.capacity,
                                      .conflict = all.conflict,
                                      .cost = cost_of(point.shape(), size)};
    return result;
}

Target Explorer::target_of(const Stream& stream, const std::vector<Geometry>& geometries,
                           MissRate rate) const {
    const std::uint64_t most = rate.most_misses(stream.geometries.lookups());
    Target target{
        .per_million = rate.per_million,
        .most_misses = most,
        .smallest = least(geometries, most,
                          [](const Geometry& geometry) { return std::optional(geometry.entries); }),
        .fully_associative_entries = stream.distances.fewest_entries(most)};
    for (const CostAxis axis : all_cost_axes) {
        target.cheapest[axis] = least(geometries, most, [axis](const Geometry& geometry) {
            return geometry.cost.along(axis);
        });
    }
    return target;
}

TlbCost Explorer::cost_of(TlbShape shape, PageSize size) const {
    return tlb_cost(shape, {.mode = plan_.mode, .asid_bits = plan_.asid_bits, .page_size = size});
}

}  // namespace mmusim::tb

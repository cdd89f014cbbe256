// SPDX-License-Identifier: Apache-2.0
#include "tb/explore/traces_in_turns.hpp"

#include <algorithm>
#include <limits>

namespace mmusim::tb {

namespace {

/// A source, with what is left of its last batch.
struct SourceReader {
    AccessSource& source;
    std::span<const Access> batch{};
    bool ended = false;

    // At most so many accesses, and at least one; none at the end.
    std::span<const Access> next(std::uint64_t most) {
        if (batch.empty()) {
            batch = source.next_batch();
            ended = batch.empty();
        }
        const std::size_t count = std::min<std::uint64_t>(most, batch.size());
        const std::span<const Access> taken = batch.first(count);
        batch = batch.subspan(count);
        return taken;
    }
};

}  // namespace

void take_in_turns(
    const std::vector<std::reference_wrapper<AccessSource>>& sources, const Turns& turns,
    const std::function<bool(std::size_t source, std::span<const Access> accesses)>& take) {
    std::vector<SourceReader> readers;
    readers.reserve(sources.size());
    for (AccessSource& source : sources) {
        readers.push_back({.source = source});
    }
    std::uint64_t left = turns.limit == 0 ? std::numeric_limits<std::uint64_t>::max() : turns.limit;
    const auto all_ended = [&readers] {
        return std::all_of(readers.begin(), readers.end(),
                           [](const SourceReader& reader) { return reader.ended; });
    };
    while (!all_ended()) {
        for (std::size_t source = 0; source < readers.size(); ++source) {
            SourceReader& reader = readers[source];
            std::uint64_t turn = turns.accesses_per_turn;
            while (turn > 0 && !reader.ended) {
                const std::span<const Access> batch = reader.next(std::min(turn, left));
                if (!batch.empty() && !take(source, batch)) {
                    return;
                }
                turn -= batch.size();
                left -= batch.size();
                if (left == 0) {
                    return;
                }
            }
        }
    }
}

}  // namespace mmusim::tb

// SPDX-License-Identifier: Apache-2.0
// The queues of one channel, and who is served next.
#pragma once

#include "hw/base/types.hpp"
#include "hw/memory/dram_device.hpp"
#include "hw/memory/dram_parameters.hpp"
#include "hw/memory/dram_statistics.hpp"

#include <cstdint>
#include <optional>
#include <vector>

namespace mmusim::hw {

/// What a burst found when its turn came.
enum class RowOutcome : std::uint8_t { hit, miss, conflict };

/// Reads and writes of one channel. Reads come first, unless so many writes wait that they are
/// drained; writes are also served while there is nothing to read.
class DramChannel {
  public:
    DramChannel(const DramParameters& parameters, const DramTiming& timing);

    struct Burst {
        DramAddress place;
        bool writes = false;
        Cycles arrival{};     ///< in the queue
        Cycles ready{};       ///< from when on it can be served
        std::size_t tag = 0;  ///< its owner's
        std::optional<RowOutcome> outcome{};
    };

    /// A burst whose read or write command was given, and when its data has passed.
    struct Served {
        Burst burst;
        Cycles data_end;
    };

    /// A command, and when it was given.
    struct GivenCommand {
        DramCommand command = DramCommand::activate;
        DramAddress place;
        Cycles when;
    };

    [[nodiscard]] bool has_room(bool writes) const;
    /// Whether a write of that place waits: a read of it needs no DRAM.
    [[nodiscard]] bool holds_write_of(const DramAddress& place) const;
    /// There is room for it.
    void enqueue(const Burst& burst);

    /// Gives the best command that can be given now, if there is one.
    std::optional<Served> step(Cycles now);

    /// When a command can be given next, as things stand after a step at `now`; nothing if the
    /// queues are empty.
    [[nodiscard]] std::optional<Cycles> next_step(Cycles now) const;

    /// The command that was given last; nothing if none was.
    [[nodiscard]] const std::optional<GivenCommand>& last_command() const { return last_command_; }

    [[nodiscard]] DramStatistics statistics(Cycles now) const;
    /// What is counted burst by burst, as it stands; the commands are in `statistics` only.
    [[nodiscard]] const DramStatistics& counted_bursts() const { return statistics_; }
    void reset_statistics(Cycles now);

  private:
    using Queue = std::vector<Burst>;  // the oldest first

    struct Choice {
        std::size_t index = 0;
        DramCommand command = DramCommand::activate;
        Cycles when;
    };

    [[nodiscard]] Queue& active() { return draining_ ? writes_ : reads_; }
    [[nodiscard]] const Queue& active() const { return draining_ ? writes_ : reads_; }
    void turn_if_due();
    [[nodiscard]] std::optional<Choice> best_choice(Cycles now) const;
    [[nodiscard]] bool is_better(const Choice& left, const Choice& right, Cycles now) const;
    [[nodiscard]] bool somebody_hits_the_row_of(const DramAddress& place) const;
    [[nodiscard]] Served serve(const Choice& choice, Cycles now);

    DramParameters parameters_;
    DramDevice device_;
    Queue reads_;
    Queue writes_;
    bool draining_ = false;
    std::optional<GivenCommand> last_command_;
    DramStatistics statistics_;
    DramStatistics before_reset_;  // what the device counted until then
};

}  // namespace mmusim::hw

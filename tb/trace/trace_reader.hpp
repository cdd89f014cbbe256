// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "hw/base/access.hpp"
#include "tb/input/byte_stream.hpp"
#include "tb/text/in_quotes.hpp"
#include "tb/trace/user_half.hpp"

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace mmusim::tb {

/// What the readers of all trace formats have in common: a batch that is filled again and again,
/// the check of each address, and errors that name the place. A trace without any access is an
/// InputError.
class TraceReader : public AccessSource {
  public:
    [[nodiscard]] std::span<const Access> next_batch() final;

    /// The size of a batch in accesses.
    static constexpr std::size_t batch_capacity = 4096;

  protected:
    TraceReader(ByteStream bytes, UserHalf user_half);

    /// Reads records until the batch is full or the trace ends.
    virtual void fill_batch() = 0;

    /// Where the record lies that is being read: "FILE:LINE" or a record's number and offset.
    [[nodiscard]] virtual std::string place() const = 0;

    [[nodiscard]] ByteStream& bytes() { return bytes_; }
    [[nodiscard]] const ByteStream& bytes() const { return bytes_; }

    /// While it is not, there is room for the accesses of one more record.
    [[nodiscard]] bool batch_is_full() const { return batch_size_ >= batch_capacity; }

    /// Those of a ChampSim record for CloudSuite: a fetch, four loads, four stores.
    static constexpr std::size_t most_accesses_of_a_record = 9;

    void add(AccessType type, VirtualAddress address, std::uint32_t size_bytes) {
        if (!user_half_.holds(address, size_bytes)) {
            fail_outside(address, size_bytes);
        }
        batch_[batch_size_] = {.address = address, .size_bytes = size_bytes, .type = type};
        ++batch_size_;
    }

    /// Throws an InputError: the place and `problem`.
    [[noreturn]] void fail(std::string_view problem) const;

  private:
    [[noreturn]] void fail_outside(VirtualAddress address, std::uint32_t size_bytes) const;

    ByteStream bytes_;
    UserHalf user_half_;
    std::vector<Access> batch_;
    std::size_t batch_size_ = 0;
    bool is_empty_ = true;
};

}  // namespace mmusim::tb

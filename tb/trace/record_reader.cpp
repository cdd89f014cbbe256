// SPDX-License-Identifier: Apache-2.0
#include "tb/trace/record_reader.hpp"

#include <fmt/format.h>

#include <string_view>
#include <utility>

namespace mmusim::tb {

RecordReader::RecordReader(ByteStream bytes, UserHalf user_half, std::size_t record_bytes)
    : TraceReader(std::move(bytes), user_half), record_bytes_(record_bytes) {}

std::string RecordReader::place() const {
    return fmt::format("{}: record {} at byte {}", bytes().path(), records_ + 1,
                       records_ * record_bytes_);
}

void RecordReader::fill_batch() {
    while (!batch_is_full() && have_record()) {
        const std::string_view window = bytes().window();
        const std::size_t whole_records_bytes = window.size() - window.size() % record_bytes_;
        const char* const begin = window.data();
        const char* const end = read_records(begin, begin + whole_records_bytes);
        bytes().consume(static_cast<std::size_t>(end - begin));
    }
}

bool RecordReader::have_record() {
    while (bytes().window().size() < record_bytes_ && bytes().read_more()) {
    }
    const std::size_t left = bytes().window().size();
    if (left > 0 && left < record_bytes_) {
        fail(fmt::format("the file is cut off here, expected a whole record of {} bytes, found {}",
                         record_bytes_, left));
    }
    return left > 0;
}

}  // namespace mmusim::tb

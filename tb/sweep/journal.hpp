// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tb/jobs/job.hpp"

#include <nlohmann/json.hpp>

#include <cstddef>
#include <map>
#include <string>
#include <string_view>

namespace mmusim::tb {

/// What a sweep has done, beside its output, while that is not whole: each job's outcome as soon as
/// it is known, so that a sweep that was interrupted, or whose machine went down, can be continued.
///
/// A line for each, with a sum of its bytes before it: what was not written to its end is not
/// taken. The first line says which sweep it is.
class Journal {
  public:
    enum class Start {
        anew,      ///< what is there is of no interest
        continued  ///< what is there counts, if it is of the same sweep
    };

    /// Opens or makes the file. `identity` has a member for each thing that the outcomes depend on.
    /// Throws InputError where the file cannot be used, is of another sweep (the message names the
    /// members that differ), or is in use by another process.
    Journal(std::string path, const nlohmann::ordered_json& identity, Start start);
    Journal(const Journal&) = delete;
    Journal& operator=(const Journal&) = delete;
    Journal(Journal&&) = delete;
    Journal& operator=(Journal&&) = delete;
    ~Journal();

    /// What was done before.
    [[nodiscard]] const std::map<std::size_t, JobOutcome>& done() const { return done_; }

    /// Throws InputError where it cannot be written.
    void add(std::size_t job, const JobOutcome& outcome);

    /// The output is whole: the file is no longer needed.
    void remove();

  private:
    [[nodiscard]] std::string read_all() const;
    void take(std::string_view text, const std::string& identity);
    void take_outcome(std::string_view line);
    void write_line(const std::string& line);
    void cut_to(std::size_t bytes);
    [[noreturn]] void fail(int error) const;

    std::string path_;
    int file_ = -1;
    std::map<std::size_t, JobOutcome> done_;
};

}  // namespace mmusim::tb

// SPDX-License-Identifier: Apache-2.0
// Which names the lines of a workload script have given so far.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace mmusim::tb {

/// What a step does to names takes hold when the next step begins, because an `expect` between the
/// two may say that the step fails, and then it does nothing.
///
/// A name that is used and was never given is refused once by a ScriptLineError, and then known, a
/// process with any region, so that one slip is one problem. A name that is given twice is refused
/// too.
class ScriptNames {
  public:
    /// No process may be called by one of `reserved`, the words that lines begin with.
    explicit ScriptNames(std::vector<std::string_view> reserved) : reserved_(std::move(reserved)) {}

    /// The next step begins.
    void settle();
    /// The step before is expected to fail.
    void forget_last_step();

    [[nodiscard]] bool knows_process(const std::string& process) const;

    void use_process(const std::string& process);
    void use_file(const std::string& file);
    /// The process is known. A region that was unmapped still has its name: it means the place
    /// where it was.
    void use_region(const std::string& process, const std::string& region);

    void make_file(const std::string& file);
    void make_process(const std::string& process);
    /// The parent is known. Its child begins with the same names of regions.
    void fork(const std::string& parent, const std::string& child);
    /// The process is known. None of its regions is mapped any more.
    void exec(const std::string& process);
    /// The process is known. Its name is free again.
    void exit(const std::string& process);
    /// The process is known.
    void map(const std::string& process, const std::string& region);
    /// The process is known. Its heap is a region by that name from now on.
    void set_heap(const std::string& process, const std::string& region);
    /// The process and the region are known. The name may be given again.
    void unmap(const std::string& process, const std::string& region);

  private:
    struct Regions {
        std::map<std::string, bool> is_mapped{};  ///< by name
        bool any = false;                         ///< nobody knows what the process has mapped
    };

    enum class Kind : std::uint8_t {
        file_made,
        process_made,
        forked,
        executed,
        exited,
        mapped,
        unmapped,
    };

    struct Change {
        Kind kind = Kind::file_made;
        std::string subject;  ///< a file or a process
        std::string name{};   ///< the child or the region
    };

    void check_new_process(const std::string& process) const;

    std::vector<std::string_view> reserved_;
    std::set<std::string> files_;
    std::map<std::string, Regions> processes_;
    std::optional<Change> last_change_;
};

}  // namespace mmusim::tb

// SPDX-License-Identifier: Apache-2.0
#include "tests/kernel/host.hpp"

#include "hw/base/types.hpp"
#include "tests/kernel/trial.hpp"

#include <fmt/format.h>

#include <csignal>
#include <exception>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/utsname.h>
#include <system_error>
#include <unistd.h>

#if defined(__SANITIZE_ADDRESS__)
#define MMUSIM_SANITIZED 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define MMUSIM_SANITIZED 1
#endif
#endif

namespace mmusim::tests {

namespace {

using namespace mmusim::literals;

#if defined(MMUSIM_SANITIZED)
constexpr bool is_sanitized = true;
#else
constexpr bool is_sanitized = false;
#endif

#if defined(__x86_64__)
constexpr bool is_x86_64 = true;
#else
constexpr bool is_x86_64 = false;
#endif

/// The first with MADV_POPULATE_WRITE.
constexpr KernelVersion oldest{5, 14};
/// The one whose figures the model's rules come from.
constexpr KernelVersion measured{6, 18};
constexpr KernelVersion first_with_whole_huge_zero_page{6, 14};

constexpr const char* huge_page_settings = "/sys/kernel/mm/transparent_hugepage";
constexpr std::uint64_t trial_pages = 16;

// ---- what the kernel says of itself

[[nodiscard]] std::optional<std::uint64_t> number_in(const std::string& path) {
    std::ifstream file(path);
    std::uint64_t number = 0;
    if (file >> number) {
        return number;
    }
    return std::nullopt;
}

/// A file of /sys that shows the choices in one line: `always [madvise] never`. Empty if there is
/// no such file.
[[nodiscard]] std::string choice_in(const std::string& path) {
    std::ifstream file(path);
    std::string line;
    std::getline(file, line);
    const std::size_t begin = line.find('[');
    const std::size_t end = line.find(']');
    return begin == std::string::npos || end < begin ? "" : line.substr(begin + 1, end - begin - 1);
}

[[nodiscard]] KernelVersion kernel_version() {
    KernelVersion version;
    std::istringstream release(kernel_release());
    char dot = '.';
    release >> version.major >> dot >> version.minor;
    return version;
}

/// /proc/swaps: a line of titles, then NAME TYPE SIZE(KiB) ... for each area.
[[nodiscard]] SwapFacts stated_swap() {
    std::ifstream swaps("/proc/swaps");
    std::string line;
    std::getline(swaps, line);
    SwapFacts facts{.bytes = 0, .page_by_page = number_in("/proc/sys/vm/page-cluster") == 0U};
    while (std::getline(swaps, line)) {
        std::istringstream words(line);
        std::string name;
        std::string type;
        std::uint64_t kibibytes = 0;
        words >> name >> type >> kibibytes;
        facts.bytes += kibibytes * 1_KiB;
        facts.page_by_page = facts.page_by_page && name.find("zram") != std::string::npos;
    }
    return facts;
}

/// Whether no other size than 2 MiB is on, which would fill an advised region with fewer faults.
/// Kernels before 6.8 know no other size.
[[nodiscard]] bool is_2_mib_the_only_size() {
    std::error_code none_to_see;
    for (const auto& entry : std::filesystem::directory_iterator(huge_page_settings, none_to_see)) {
        const std::string name = entry.path().filename().string();
        const std::string choice = choice_in(entry.path().string() + "/enabled");
        const bool is_2_mib = name == "hugepages-2048kB";
        if (name.find("hugepages-") == 0 && !choice.empty() && is_2_mib == (choice == "never")) {
            return false;
        }
    }
    return true;
}

[[nodiscard]] HugePageFacts stated_huge_pages() {
    const std::string settings = huge_page_settings;
    const std::string choice = choice_in(settings + "/enabled");
    return {.on_advice = (choice == "madvise" || choice == "always") && is_2_mib_the_only_size(),
            .unasked = choice == "always",
            .whole_zero_page = number_in(settings + "/use_zero_page") == 1U &&
                               kernel_version() >= first_with_whole_huge_zero_page};
}

[[nodiscard]] std::uint64_t read_ahead_pages(const HostFile& file) {
    constexpr std::uint64_t page_kibibytes = page_bytes / 1_KiB;
    const std::string device = file.device_settings();
    const std::optional<std::uint64_t> of_disk = number_in(device + "/queue/read_ahead_kb");
    const std::optional<std::uint64_t> of_whole = number_in(device + "/../queue/read_ahead_kb");
    return of_disk.value_or(of_whole.value_or(0)) / page_kibibytes;
}

[[nodiscard]] std::uint64_t lockable_bytes() {
    rlimit limit{};
    ::getrlimit(RLIMIT_MEMLOCK, &limit);
    return limit.rlim_cur;
}

// ---- what a trial shows

[[nodiscard]] bool is(const CountedOutcome& outcome, std::uint64_t minor, std::uint64_t major) {
    return outcome.minor == minor && outcome.major == major && outcome.signal == 0 &&
           outcome.error == 0;
}

/// What this kernel counts otherwise than Linux does; empty: nothing that was tried.
[[nodiscard]] std::string miscount() {
    constexpr std::uint64_t pages_of_the_largest_script = 16_MiB / page_bytes;
    Trial trial(pages_of_the_largest_script);
    if (!is(trial.write(trial_pages), trial_pages, 0)) {
        return "16 fresh pages are not 16 minor faults to this kernel";
    }
    if (!is(trial.write(trial_pages), 0, 0)) {
        return "pages that are there fault again";
    }
    trial.fork();
    if (!is(trial.write(trial_pages), trial_pages, 0)) {
        return "16 pages to copy are not 16 minor faults to this kernel";
    }
    const CountedOutcome nothing = trial.read_nothing();
    if (nothing.signal != SIGSEGV || nothing.minor + nothing.major != 0) {
        return "a read of nothing is something else than a signal";
    }
    return "";
}

/// Other programs may add a fault to a trial.
template <typename Try>
[[nodiscard]] bool once_of_three(Try succeeds) {
    return succeeds() || succeeds() || succeeds();
}

/// 0 if it is no power of two, or if faults are not counted.
[[nodiscard]] std::uint64_t fault_around_pages() {
    constexpr std::uint64_t pages = 64;
    HostFile memory = HostFile::in_memory("trial", pages * page_bytes);
    memory.fill(pages * page_bytes);
    Trial trial(memory);
    const std::uint64_t faults = trial.read(pages).minor;
    return faults == 0 || pages % faults != 0 ? 0 : pages / faults;
}

[[nodiscard]] bool maps_page_of_zeros() {
    Trial trial(trial_pages);
    return is(trial.read(trial_pages), trial_pages, 0) &&
           is(trial.write(trial_pages), trial_pages, 0);
}

/// Whether pages of a file leave memory when they are dropped, come back one by one, and each first
/// write is a fault of its own, again after the page was written back.
[[nodiscard]] bool shows_a_disk(HostFile& file) {
    file.fill(trial_pages * page_bytes);
    file.drop();
    if (file.pages_in_memory(0, trial_pages) != 0) {
        return false;
    }
    Trial trial(file);
    trial.advise(MADV_RANDOM);
    const bool reads = is(trial.read(trial_pages), 0, trial_pages);
    const bool tracks = is(trial.write(trial_pages), trial_pages, 0);
    file.sync();
    return reads && tracks && is(trial.write(trial_pages), trial_pages, 0);
}

/// Swap may be there and forbidden to this program's group.
[[nodiscard]] bool swaps_page_by_page() {
    Trial trial(trial_pages);
    static_cast<void>(trial.write(trial_pages));
    trial.advise(MADV_PAGEOUT);
    return is(trial.read(trial_pages), 0, trial_pages);
}

[[nodiscard]] bool has_huge_pages() {
    constexpr std::uint64_t pages = 2_MiB / page_bytes;
    Trial trial(pages);
    trial.advise(MADV_HUGEPAGE);
    return is(trial.write(pages), 1, 0) && huge_page_shortages().has_value();
}

}  // namespace

std::string kernel_release() {
    utsname name{};
    ::uname(&name);
    return &name.release[0];
}

HostFacts facts_of_host() {
    std::optional<HostFile> file = HostFile::on_disk();
    HostFacts facts{.version = kernel_version(),
                    .is_measured = kernel_version() == measured && is_x86_64,
                    .swap = stated_swap(),
                    .huge_pages = stated_huge_pages(),
                    .zero_page = once_of_three(maps_page_of_zeros),
                    .fault_around_pages = fault_around_pages(),
                    .files_on_disk = file && once_of_three([&file] { return shows_a_disk(*file); }),
                    .read_ahead_pages = file ? read_ahead_pages(*file) : 0,
                    .refuses_fetches_at_once = !is_x86_64,
                    .lockable_bytes = lockable_bytes()};
    facts.swap.page_by_page = facts.swap.page_by_page && once_of_three(swaps_page_by_page);
    facts.huge_pages.on_advice = facts.huge_pages.on_advice && once_of_three(has_huge_pages);
    return facts;
}

std::optional<std::string> why_not_here() {
    if (is_sanitized) {
        return "a sanitizer in this program touches memory of its own";
    }
    if (kernel_version() < oldest) {
        return fmt::format("Linux {} is older than {}.{}", kernel_release(), oldest.major,
                           oldest.minor);
    }
    if (::sysconf(_SC_PAGESIZE) != long{page_bytes}) {
        return "pages are not of 4 KiB on this machine";
    }
    std::string reason;
    const auto counts = [&reason] {
        reason = miscount();
        return reason.empty();
    };
    try {
        if (once_of_three(counts)) {
            return std::nullopt;
        }
    } catch (const std::exception& error) {
        reason = fmt::format("this machine does not let it: {}", error.what());
    }
    return reason;
}

std::optional<std::uint64_t> huge_page_shortages() {
    std::ifstream counters("/proc/vmstat");
    std::optional<std::uint64_t> shortages;
    std::string name;
    std::uint64_t count = 0;
    while (counters >> name >> count) {
        if (name == "thp_fault_fallback" || name == "thp_zero_page_alloc_failed") {
            shortages = shortages.value_or(0) + count;
        }
    }
    return shortages;
}

}  // namespace mmusim::tests

// SPDX-License-Identifier: Apache-2.0
// The recorder: a plugin that QEMU loads, and that tells every access of the program and every
// system call that concerns memory to the process that started QEMU.
#include "tb/record/packet_writer.hpp"
#include "tb/record/qemu_plugin.hpp"
#include "tb/record/recorder_arguments.hpp"
#include "tb/record/system_call_table.hpp"
#include "tb/record/touched_memory.hpp"

#include <atomic>
#include <bit>
#include <cerrno>
#include <climits>
#include <csignal>
#include <fcntl.h>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <mutex>
#include <optional>
#include <pthread.h>
#include <string>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

namespace mmusim::tb {

namespace {

/// Held for a few instructions by one of the program's threads.
class SpinLock {
  public:
    void lock() {
        while (taken_.test_and_set(std::memory_order_acquire)) {
        }
    }
    void unlock() { taken_.clear(std::memory_order_release); }

  private:
    std::atomic_flag taken_;
};

/// The other end may have heard enough and gone; the program goes on.
class SocketSink final : public PacketSink {
  public:
    void open(int socket) {
        // Beyond the numbers that programs count on, and not for programs that this one becomes.
        constexpr int lowest = 900;
        // NOLINTNEXTLINE(cppcoreguidelines-pro-type-vararg): the system has no other way
        const int moved = ::fcntl(socket, F_DUPFD_CLOEXEC, lowest);
        if (moved >= 0) {
            ::close(socket);
        }
        socket_ = moved >= 0 ? moved : socket;
    }

    void send(std::span<const std::uint64_t> packet) override {
        if (!connected_) {
            return;
        }
        const auto bytes = std::as_bytes(packet);
        ssize_t sent = 0;
        do {
            sent = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
        } while (sent < 0 && errno == EINTR);
        connected_ = sent >= 0;
    }

  private:
    int socket_ = -1;
    bool connected_ = true;
};

/// The program's memory is a part of this process's.
class OwnMemory final : public GuestMemory {
  public:
    void set_base(std::uint64_t base) { base_ = base; }
    [[nodiscard]] std::uint64_t base() const { return base_; }

    [[nodiscard]] bool copy(VirtualAddress address, std::span<std::byte> bytes) const override {
        const iovec to{.iov_base = bytes.data(), .iov_len = bytes.size()};
        const iovec from{.iov_base = std::bit_cast<void*>(base_ + address.value),
                         .iov_len = bytes.size()};
        const ssize_t copied = ::process_vm_readv(::getpid(), &to, 1, &from, 1, 0);
        return copied == static_cast<ssize_t>(bytes.size());
    }

  private:
    std::uint64_t base_ = 0;
};

struct PendingCall {
    const SystemCallRow* row = nullptr;
    SystemCall call;
};

/// All that the recorder knows. QEMU's callbacks say nothing of whose they are.
struct Recorder {
    GuestMachine machine = GuestMachine::x86_64;
    std::string page_log;
    SpinLock lock;
    SocketSink socket;
    PacketWriter packets{socket, static_cast<std::uint64_t>(::getpid())};
    OwnMemory memory;
    std::uint64_t forks = 0;
    std::uint64_t parent = 0;
    bool begun = false;
};

Recorder& recorder() {
    static Recorder the_only;
    return the_only;
}

/// The system call that this thread is in.
PendingCall& pending_call() {
    static thread_local PendingCall of_thread;
    return of_thread;
}

[[nodiscard]] std::string contents_of(const std::string& path) {
    std::ifstream file(path);
    return {std::istreambuf_iterator<char>(file), {}};
}

[[nodiscard]] std::string descriptor_path(std::uint64_t descriptor) {
    return "/proc/self/fd/" + std::to_string(descriptor);
}

[[nodiscard]] std::string link_target(const std::string& link) {
    std::array<char, PATH_MAX> target{};
    const ssize_t bytes = ::readlink(link.c_str(), target.data(), target.size());
    return {target.data(), static_cast<std::size_t>(std::max<ssize_t>(bytes, 0))};
}

/// QEMU would go on to write down its pages at each change of one.
void silence(const std::string& log) {
    for (const auto& entry : std::filesystem::directory_iterator("/proc/self/fd")) {
        if (link_target(entry.path()) == log) {
            // NOLINTNEXTLINE(cppcoreguidelines-pro-type-vararg): the system has no other way
            const int nothing = ::open("/dev/null", O_WRONLY | O_CLOEXEC);
            ::dup2(nothing, std::stoi(entry.path().filename()));
            ::close(nothing);
            return;
        }
    }
}

/// The program has been loaded, and nothing of it has run.
void begin(const qemu_plugin_insn* first) {
    Recorder& all = recorder();
    all.begun = true;
    all.memory.set_base(std::bit_cast<std::uint64_t>(qemu_plugin_insn_haddr(first)) -
                        qemu_plugin_insn_vaddr(first));
    all.packets.add_text(EventKind::page_layout, contents_of(all.page_log));
    all.packets.add_text(EventKind::host_mappings, contents_of("/proc/self/maps"));
    all.packets.add_event(EventKind::begin, {all.memory.base()});
    silence(all.page_log);
}

void record_word(std::uint64_t word) {
    Recorder& all = recorder();
    const std::lock_guard guard(all.lock);
    all.packets.add(word);
}

// ---- what QEMU calls

// The word travels in place of a pointer.
void executed(unsigned int /*processor*/, void* word) {
    record_word(std::bit_cast<std::uint64_t>(word));
}

void accessed(unsigned int /*processor*/, qemu_plugin_meminfo_t info, std::uint64_t address,
              void* /*data*/) {
    if (address < guest_address_end) {
        const bool is_write = qemu_plugin_mem_is_store(info);
        record_word(access_word({.address = {address},
                                 .size_bytes = 1U << qemu_plugin_mem_size_shift(info),
                                 .type = is_write ? AccessType::write : AccessType::read}));
    }
}

void translated(qemu_plugin_id_t /*id*/, qemu_plugin_tb* block) {
    const std::size_t count = qemu_plugin_tb_n_insns(block);
    if (!recorder().begun && count > 0) {
        begin(qemu_plugin_tb_get_insn(block, 0));
    }
    for (std::size_t index = 0; index < count; ++index) {
        qemu_plugin_insn* const instruction = qemu_plugin_tb_get_insn(block, index);
        const std::uint64_t address = qemu_plugin_insn_vaddr(instruction);
        if (address >= guest_address_end) {
            continue;
        }
        const auto bytes = static_cast<std::uint32_t>(qemu_plugin_insn_size(instruction));
        const std::uint64_t word =
            access_word({.address = {address}, .size_bytes = bytes, .type = AccessType::fetch});
        qemu_plugin_register_vcpu_insn_exec_cb(instruction, executed, QEMU_PLUGIN_CB_NO_REGS,
                                               std::bit_cast<void*>(word));
        qemu_plugin_register_vcpu_mem_cb(instruction, accessed, QEMU_PLUGIN_CB_NO_REGS,
                                         QEMU_PLUGIN_MEM_RW, nullptr);
    }
}

/// What a call maps, if it is a file.
struct MappedFile {
    std::string path;
    std::uint64_t bytes = 0;
};

[[nodiscard]] std::optional<MappedFile> file_mapped_by(const PendingCall& pending) {
    constexpr std::uint64_t anonymous_flag = 0x20;
    constexpr std::size_t flags = 3;
    constexpr std::size_t descriptor = 4;
    if (pending.row->memory_call != MemoryCall::map ||
        (pending.call.arguments[flags] & anonymous_flag) != 0) {
        return std::nullopt;
    }
    struct stat status {};
    const std::uint64_t file = pending.call.arguments[descriptor];
    if (::fstat(static_cast<int>(file), &status) != 0 || !S_ISREG(status.st_mode)) {
        return std::nullopt;
    }
    return MappedFile{.path = link_target(descriptor_path(file)),
                      .bytes = static_cast<std::uint64_t>(status.st_size)};
}

void record_memory_call(const PendingCall& pending) {
    PacketWriter& packets = recorder().packets;
    const std::optional<MappedFile> file = file_mapped_by(pending);
    if (file) {
        packets.add_text(EventKind::file_path, file->path);
    }
    const auto& [number, arguments, result] = pending.call;
    packets.add_event(
        EventKind::call,
        {number, arguments[0], arguments[1], arguments[2], arguments[3], arguments[4], arguments[5],
         static_cast<std::uint64_t>(result), file ? file->bytes : 0, file ? 1U : 0U});
}

/// Whether the program at this path, an argument of execve, can be the next.
[[nodiscard]] bool can_be_executed(std::uint64_t path) {
    return ::access(std::bit_cast<const char*>(recorder().memory.base() + path), X_OK) == 0;
}

void called(qemu_plugin_id_t /*id*/, unsigned int /*processor*/, std::int64_t number,
            std::uint64_t first, std::uint64_t second, std::uint64_t third, std::uint64_t fourth,
            std::uint64_t fifth, std::uint64_t sixth, std::uint64_t /*seventh*/,
            std::uint64_t /*eighth*/) {
    Recorder& all = recorder();
    PendingCall& pending = pending_call();
    const auto call_number = static_cast<std::uint64_t>(number);
    pending.row = find_system_call(all.machine, call_number);
    pending.call = {.number = call_number,
                    .arguments = {first, second, third, fourth, fifth, sixth}};
    if (pending.row == nullptr) {
        // What it does may end the process.
        const std::lock_guard guard(all.lock);
        all.packets.flush();
        return;
    }
    // What is unmapped may be mapped by another thread before this call is back, and what is
    // executed does not come back.
    const MemoryCall call = pending.row->memory_call;
    if (call == MemoryCall::unmap || (call == MemoryCall::execute && can_be_executed(first))) {
        const std::lock_guard guard(all.lock);
        record_memory_call(pending);
        if (call == MemoryCall::execute) {
            all.packets.flush();
        }
    }
}

void returned(qemu_plugin_id_t /*id*/, unsigned int /*processor*/, std::int64_t /*number*/,
              std::int64_t result) {
    Recorder& all = recorder();
    PendingCall& pending = pending_call();
    if (pending.row == nullptr) {
        return;
    }
    pending.call.result = result;
    const std::lock_guard guard(all.lock);
    for (const Access& access : touched_memory(*pending.row, pending.call, all.memory)) {
        if (access.address.value < guest_address_end) {
            all.packets.add(access_word(access));
        }
    }
    const MemoryCall call = pending.row->memory_call;
    const bool told_before = call == MemoryCall::unmap || call == MemoryCall::execute;
    if (call != MemoryCall::none && !told_before && !pending.call.failed()) {
        record_memory_call(pending);
    }
}

void ended(qemu_plugin_id_t /*id*/, void* /*data*/) {
    Recorder& all = recorder();
    const std::lock_guard guard(all.lock);
    all.packets.add_event(EventKind::end, {});
    all.packets.flush();
}

// ---- around fork(2), which QEMU calls when the program does

void before_fork() {
    Recorder& all = recorder();
    all.lock.lock();
    ++all.forks;
    all.packets.add_event(EventKind::forking, {all.forks});
    all.packets.flush();
    all.parent = static_cast<std::uint64_t>(::getpid());
}

void after_fork_in_parent() {
    recorder().lock.unlock();
}

void after_fork_in_child() {
    Recorder& all = recorder();
    all.packets.set_process(static_cast<std::uint64_t>(::getpid()));
    all.packets.add_event(EventKind::forked, {all.parent, all.forks});
    all.packets.flush();
    all.forks = 0;
    all.lock.unlock();
}

}  // namespace

}  // namespace mmusim::tb

// NOLINTNEXTLINE(cppcoreguidelines-avoid-non-const-global-variables): QEMU reads it by name
int qemu_plugin_version = 1;

int qemu_plugin_install(qemu_plugin_id_t id, const qemu_info_t* information, int count,
                        char** arguments) {
    using namespace mmusim::tb;
    const auto given = read_recorder_arguments({arguments, static_cast<std::size_t>(count)},
                                               information->target_name);
    if (!given || information->system_emulation) {
        return 1;
    }
    Recorder& all = recorder();
    all.machine = given->machine;
    all.page_log = given->page_log;
    all.socket.open(given->socket);
    ::pthread_atfork(before_fork, after_fork_in_parent, after_fork_in_child);
    qemu_plugin_register_vcpu_tb_trans_cb(id, translated);
    qemu_plugin_register_vcpu_syscall_cb(id, called);
    qemu_plugin_register_vcpu_syscall_ret_cb(id, returned);
    qemu_plugin_register_atexit_cb(id, ended, nullptr);
    return 0;
}

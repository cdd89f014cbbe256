// SPDX-License-Identifier: Apache-2.0
// Asks for memory in every way that a recording knows, and touches it: itself, in a child, in a
// thread, and through the kernel. Prints a word, and ends with the status 7.
#include <array>
#include <cstddef>
#include <cstdint>
#include <fcntl.h>
#include <span>
#include <sys/mman.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>

namespace {

constexpr std::size_t page = 4096;
constexpr int read_write = PROT_READ | PROT_WRITE;
constexpr int end_status = 7;

[[nodiscard]] std::span<volatile char> map(std::size_t pages, int flags, int file = -1) {
    void* const place = ::mmap(nullptr, pages * page, read_write, flags, file, 0);
    if (place == MAP_FAILED) {
        ::_exit(1);
    }
    return {static_cast<volatile char*>(place), pages * page};
}

void write_each_page(std::span<volatile char> memory) {
    for (std::size_t offset = 0; offset < memory.size(); offset += page) {
        memory[offset] = 1;
    }
}

[[nodiscard]] void* address_of(std::span<volatile char> memory) {
    return const_cast<char*>(memory.data());
}

void check(bool good) {
    if (!good) {
        ::_exit(2);
    }
}

// 64 pages; then 16 of them again, 8 gone, 8 read-only; then they are elsewhere and twice as many.
void private_memory() {
    const auto memory = map(64, MAP_PRIVATE | MAP_ANONYMOUS);
    write_each_page(memory);
    check(::madvise(address_of(memory), 16 * page, MADV_DONTNEED) == 0);
    write_each_page(memory.first(16 * page));
    check(::mprotect(address_of(memory.subspan(32 * page)), 8 * page, PROT_READ) == 0);
    check(::munmap(address_of(memory.subspan(56 * page)), 8 * page) == 0);

    const auto moving = map(16, MAP_PRIVATE | MAP_ANONYMOUS);
    write_each_page(moving);
    void* const moved = ::mremap(address_of(moving), moving.size(), 32 * page, MREMAP_MAYMOVE);
    check(moved != MAP_FAILED);
    write_each_page({static_cast<volatile char*>(moved), 32 * page});
}

// What brk gives, and takes back.
void heap() {
    void* const begin = ::sbrk(static_cast<std::intptr_t>(8 * page));
    write_each_page({static_cast<volatile char*>(begin), 8 * page});
    check(::sbrk(-static_cast<std::intptr_t>(4 * page)) != nullptr);
}

// A pipe's bytes lie in memory that only the kernel has written.
void kernel_memory() {
    std::array<int, 2> pipe{};
    check(::pipe(pipe.data()) == 0);
    const auto from = map(2, MAP_PRIVATE | MAP_ANONYMOUS);
    const auto into = map(2, MAP_PRIVATE | MAP_ANONYMOUS);
    check(::write(pipe[1], address_of(from), 2 * page) == 2 * page);
    const std::array<iovec, 2> places{
        {{.iov_base = address_of(into), .iov_len = page},
         {.iov_base = address_of(into.subspan(page)), .iov_len = page}}};
    check(::readv(pipe[0], places.data(), places.size()) == 2 * page);
}

// The child writes ten pages that its parent has written.
void child() {
    const auto memory = map(10, MAP_PRIVATE | MAP_ANONYMOUS);
    const auto shared = map(4, MAP_SHARED | MAP_ANONYMOUS);
    write_each_page(memory);
    const pid_t process = ::fork();
    if (process == 0) {
        write_each_page(memory);
        write_each_page(shared);
        ::_exit(0);
    }
    int status = 0;
    check(::waitpid(process, &status, 0) == process && status == 0);
    check(shared[0] == 1);
}

void own_file(const char* path) {
    const int file = ::open(path, O_RDONLY);
    void* const place = ::mmap(nullptr, 2 * page, PROT_READ, MAP_PRIVATE, file, 0);
    check(place != MAP_FAILED);
    check(*static_cast<const volatile char*>(place) == '\x7f');
    ::close(file);
    check(::munmap(place, 2 * page) == 0);
}

}  // namespace

int main(int /*count*/, char** arguments) {
    private_memory();
    heap();
    kernel_memory();
    child();
    own_file(arguments[0]);
    std::thread([] { write_each_page(map(5, MAP_PRIVATE | MAP_ANONYMOUS)); }).join();
    check(::write(STDOUT_FILENO, "done\n", 5) == 5);
    return end_status;
}

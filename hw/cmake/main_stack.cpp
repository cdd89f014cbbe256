// SPDX-License-Identifier: Apache-2.0
// SystemC's kernel announces each switch between its coroutines to AddressSanitizer, but gives no
// bounds when it goes back to the main one. From then on the sanitizer takes every exception for
// one on a stack without an end and reports overflows that are none. Here the bounds are put in.
//
// Linked into programs that are built with AddressSanitizer only, in front of its own function.
#include <cstddef>
#include <dlfcn.h>
#include <pthread.h>
#include <sanitizer/common_interface_defs.h>

namespace {

struct Stack {
    const void* bottom = nullptr;
    std::size_t bytes = 0;
};

// All coroutines run on the one thread of the program; its stack is the main one.
Stack stack_of_this_thread() {
    pthread_attr_t attributes;
    pthread_getattr_np(pthread_self(), &attributes);
    void* bottom = nullptr;
    std::size_t bytes = 0;
    pthread_attr_getstack(&attributes, &bottom, &bytes);
    pthread_attr_destroy(&attributes);
    return {.bottom = bottom, .bytes = bytes};
}

using SwitchFunction = void (*)(void**, const void*, std::size_t);

SwitchFunction sanitizers_own_function() {
    // A function comes as a pointer to an object from there, by POSIX.
    // NOLINTNEXTLINE(cppcoreguidelines-pro-type-reinterpret-cast)
    return reinterpret_cast<SwitchFunction>(dlsym(RTLD_NEXT, "__sanitizer_start_switch_fiber"));
}

}  // namespace

void __sanitizer_start_switch_fiber(void** fake_stack_save, const void* bottom, std::size_t size) {
    static const Stack main_stack = stack_of_this_thread();
    static const SwitchFunction announce = sanitizers_own_function();
    const Stack stack = bottom == nullptr ? main_stack : Stack{bottom, size};
    announce(fake_stack_save, stack.bottom, stack.bytes);
}

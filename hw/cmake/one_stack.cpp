// SPDX-License-Identifier: Apache-2.0
// SystemC's kernel announces each switch between its coroutines to AddressSanitizer, but leaves out
// where the stack of the main one lies. From then on the sanitizer takes every exception for one on
// a stack without bounds and reports overflows that are none. mmusim has no coroutines (all its
// processes are methods), so the kernel's announcements are answered here and go no further; the
// program keeps the one stack that the sanitizer knew from the start.
//
// Linked into programs that are built with AddressSanitizer only.
#include <cstddef>
#include <sanitizer/common_interface_defs.h>

void __sanitizer_start_switch_fiber(void** /*fake_stack_save*/, const void* /*bottom*/,
                                    std::size_t /*size*/) {}

void __sanitizer_finish_switch_fiber(void* /*fake_stack_save*/, const void** /*bottom_old*/,
                                     std::size_t* /*size_old*/) {}

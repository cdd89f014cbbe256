# SPDX-License-Identifier: Apache-2.0
# Finds SystemC and makes the target mmusim_systemc.
#
# The library exports one symbol for the C++ standard that it was built with and refuses to link with
# others; SC_CPLUSPLUS names that standard, so it is looked for here.
include(mmusim_find_systemc)

include(CheckCXXSourceCompiles)
set(CMAKE_CXX_STANDARD 20)  # for the probes too: clang's own default is too old for SystemC's headers
set(CMAKE_REQUIRED_LIBRARIES ${mmusim_systemc_found})
foreach(standard 202002L 201703L 201402L)
  set(CMAKE_REQUIRED_DEFINITIONS -DSC_CPLUSPLUS=${standard})
  check_cxx_source_compiles(
    "#include <systemc>\nint sc_main(int, char*[]) { sc_core::sc_start(); return 0; }"
    mmusim_systemc_links_as_${standard})
  if(mmusim_systemc_links_as_${standard})
    set(mmusim_systemc_standard ${standard})
    break()
  endif()
endforeach()
unset(CMAKE_REQUIRED_LIBRARIES)
unset(CMAKE_REQUIRED_DEFINITIONS)
if(NOT mmusim_systemc_standard)
  message(FATAL_ERROR "SystemC was found, but no program links with it")
endif()

add_library(mmusim_systemc INTERFACE)
target_link_libraries(mmusim_systemc INTERFACE ${mmusim_systemc_found})
target_compile_definitions(mmusim_systemc INTERFACE
  SC_CPLUSPLUS=${mmusim_systemc_standard})
if(MMUSIM_SANITIZE MATCHES address)
  add_library(mmusim_main_stack OBJECT ${CMAKE_CURRENT_LIST_DIR}/main_stack.cpp)
  target_link_libraries(mmusim_systemc INTERFACE $<TARGET_OBJECTS:mmusim_main_stack>)
  if(CMAKE_CXX_COMPILER_ID STREQUAL "Clang")
    # It can stand in front of the sanitizer's function only where that is in a shared library.
    execute_process(COMMAND ${CMAKE_CXX_COMPILER} -print-runtime-dir
                    OUTPUT_VARIABLE clang_runtime_directory OUTPUT_STRIP_TRAILING_WHITESPACE)
    target_link_options(mmusim_systemc INTERFACE
                        -shared-libsan -Wl,-rpath,${clang_runtime_directory})
  endif()
endif()
message(STATUS "SystemC: ${mmusim_systemc_found}, linked as ${mmusim_systemc_standard}")

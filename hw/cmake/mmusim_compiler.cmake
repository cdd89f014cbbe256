# SPDX-License-Identifier: Apache-2.0
# What every target of the project is compiled with. Linked PRIVATE, so users of the libraries do
# not inherit the warnings.
add_library(mmusim_compiler INTERFACE)
target_compile_features(mmusim_compiler INTERFACE cxx_std_20)
target_compile_options(mmusim_compiler INTERFACE
  -Wall -Wextra -Wpedantic -Wconversion -Wnon-virtual-dtor -Wold-style-cast
  $<$<CXX_COMPILER_ID:Clang>:-Wreserved-identifier>)
# A file that is joined with others would be blamed for their names.
if(NOT CMAKE_UNITY_BUILD)
  target_compile_options(mmusim_compiler INTERFACE -Wshadow)
endif()

# Optimising what sets up a run or tells of it takes longer than running it. Such a target has the
# property MMUSIM_OPTIMISE: the level in place of its build type's.
set(level $<TARGET_PROPERTY:MMUSIM_OPTIMISE>)
target_compile_options(mmusim_compiler INTERFACE
  $<$<AND:$<CONFIG:Release,RelWithDebInfo>,$<NOT:$<STREQUAL:${level},>>>:-O${level}>)

option(MMUSIM_WARNINGS_AS_ERRORS "a warning fails the build" ${PROJECT_IS_TOP_LEVEL})
if(MMUSIM_WARNINGS_AS_ERRORS)
  target_compile_options(mmusim_compiler INTERFACE -Werror)
endif()

# What a program loads that has no sanitizers in it has the property MMUSIM_UNSANITIZED.
set(MMUSIM_SANITIZE "" CACHE STRING "sanitizers, as address,undefined")
if(MMUSIM_SANITIZE)
  set(sanitized $<NOT:$<BOOL:$<TARGET_PROPERTY:MMUSIM_UNSANITIZED>>>)
  target_compile_options(mmusim_compiler INTERFACE
    "$<${sanitized}:-fsanitize=${MMUSIM_SANITIZE};-fno-sanitize-recover=all;-fno-omit-frame-pointer>")
  target_link_options(mmusim_compiler INTERFACE "$<${sanitized}:-fsanitize=${MMUSIM_SANITIZE}>")
endif()

if(NOT CMAKE_BUILD_TYPE AND NOT CMAKE_CONFIGURATION_TYPES)
  set(CMAKE_BUILD_TYPE Release CACHE STRING "" FORCE)
endif()
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)

# SPDX-License-Identifier: Apache-2.0
# Finds SystemC; mmusim_systemc_found is its target. Also for projects that use the installed modules.
#
# A SystemC built by CMake brings a package; Debian's brings pkg-config files only. A package that some
# build tree has registered with the user is no SystemC of this machine.
set(CMAKE_FIND_USE_PACKAGE_REGISTRY OFF)
find_package(SystemCLanguage CONFIG QUIET)
unset(CMAKE_FIND_USE_PACKAGE_REGISTRY)
if(TARGET SystemC::systemc)
  set(mmusim_systemc_found SystemC::systemc)
else()
  find_package(PkgConfig REQUIRED)
  pkg_check_modules(SYSTEMC REQUIRED IMPORTED_TARGET systemc)
  set(mmusim_systemc_found PkgConfig::SYSTEMC)
endif()

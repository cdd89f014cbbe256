# SPDX-License-Identifier: Apache-2.0
# What `cmake --install` puts where: the program, and the hardware and the operating system as
# libraries for other projects, which find them with find_package(mmusim).
include(CMakePackageConfigHelpers)

set(mmusim_package_directory ${CMAKE_INSTALL_LIBDIR}/cmake/mmusim)
set(mmusim_include_directory ${CMAKE_INSTALL_INCLUDEDIR}/mmusim)

set_target_properties(mmusim_hw PROPERTIES EXPORT_NAME hw)
set_target_properties(mmusim_hw_modules PROPERTIES EXPORT_NAME hw_modules)
set_target_properties(mmusim_sw PROPERTIES EXPORT_NAME sw)
set_target_properties(mmusim_systemc PROPERTIES EXPORT_NAME systemc)

install(TARGETS mmusim RUNTIME)
# The program looks for it there, beside its own folder.
install(TARGETS mmusim_recorder LIBRARY DESTINATION lib/mmusim)
install(TARGETS mmusim_hw mmusim_hw_modules mmusim_sw mmusim_systemc EXPORT mmusimTargets
        ARCHIVE INCLUDES DESTINATION ${mmusim_include_directory})
foreach(room hw sw)
  install(DIRECTORY ${PROJECT_SOURCE_DIR}/${room} DESTINATION ${mmusim_include_directory}
          FILES_MATCHING PATTERN *.hpp)
endforeach()

install(EXPORT mmusimTargets NAMESPACE mmusim:: DESTINATION ${mmusim_package_directory})
configure_package_config_file(hw/cmake/mmusimConfig.cmake.in mmusimConfig.cmake
                              INSTALL_DESTINATION ${mmusim_package_directory})
write_basic_package_version_file(mmusimConfigVersion.cmake COMPATIBILITY SameMinorVersion)
install(FILES ${PROJECT_BINARY_DIR}/mmusimConfig.cmake
              ${PROJECT_BINARY_DIR}/mmusimConfigVersion.cmake
              ${PROJECT_SOURCE_DIR}/hw/cmake/mmusim_find_systemc.cmake
        DESTINATION ${mmusim_package_directory})
install(FILES ${PROJECT_SOURCE_DIR}/LICENSE DESTINATION ${CMAKE_INSTALL_DOCDIR})

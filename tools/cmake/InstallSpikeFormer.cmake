# Installs the library, its headers (generated ones too) and the package that find_package(SpikeFormer) finds.
include(CMakePackageConfigHelpers)
set(SPIKEFORMER_INSTALL_CMAKEDIR ${CMAKE_INSTALL_LIBDIR}/cmake/SpikeFormer)
set(SPIKEFORMER_INSTALL_PLUGINDIR ${CMAKE_INSTALL_LIBDIR}/spikeformer/plugins)

install(TARGETS SpikeFormer EXPORT SpikeFormerTargets LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR})
install(EXPORT SpikeFormerTargets NAMESPACE SpikeFormer:: DESTINATION ${SPIKEFORMER_INSTALL_CMAKEDIR})
install(DIRECTORY ${CMAKE_SOURCE_DIR}/include/ ${CMAKE_BINARY_DIR}/include/ ${CMAKE_SOURCE_DIR}/runtime/include/
  DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}
  FILES_MATCHING PATTERN "*.h" PATTERN "*.td" PATTERN "*.inc" PATTERN "CMakeFiles" EXCLUDE)

configure_package_config_file(${CMAKE_SOURCE_DIR}/tools/cmake/SpikeFormerConfig.cmake.in
  ${CMAKE_BINARY_DIR}/SpikeFormerConfig.cmake
  INSTALL_DESTINATION ${SPIKEFORMER_INSTALL_CMAKEDIR}
  PATH_VARS CMAKE_INSTALL_INCLUDEDIR SPIKEFORMER_INSTALL_PLUGINDIR)
# Interfaces change with the minor version; a plugin is held to the very headers by its note in any case.
write_basic_package_version_file(${CMAKE_BINARY_DIR}/SpikeFormerConfigVersion.cmake COMPATIBILITY SameMinorVersion)
install(FILES ${CMAKE_BINARY_DIR}/SpikeFormerConfig.cmake ${CMAKE_BINARY_DIR}/SpikeFormerConfigVersion.cmake
  ${CMAKE_SOURCE_DIR}/tools/cmake/SpikeFormerPlugin.cmake
  DESTINATION ${SPIKEFORMER_INSTALL_CMAKEDIR})

# sf_plugin, for plugins in this tree and, through find_package(SpikeFormer), anywhere else.

# sf_plugin(ID SOURCES... [VERSION 1.2] [TABLEGEN ...] [DATA files...] [LINK libraries...] [TEST])
# Builds lib/plugins/ID.so in the build tree and installs it to lib/spikeformer/plugins. The target is
# SpikeFormerPluginID. Includes are found from the source directory and, for generated files, from the
# binary directory.
#   VERSION   what `snn.requires = ["ID@..."]` is compared with; the version of the project if not given
#   TABLEGEN  FILE.td, then for each output its name (*.inc) and the flags of mlir-tblgen; then the next FILE.td:
#               TABLEGEN IR/Demo.td IR/DemoDialect.h.inc -gen-dialect-decls IR/DemoDialect.cpp.inc -gen-dialect-defs
#   DATA      files that PluginRegistry::getDataDirectory() leads to; folders are kept
#   LINK      libraries beside SpikeFormer; never an archive of MLIR or LLVM
#   TEST      for tests of the plugin interface: to test/plugins, not installed
function(sf_plugin id)
  cmake_parse_arguments(ARG "TEST" "VERSION" "TABLEGEN;DATA;LINK" ${ARGN})
  if(NOT ARG_VERSION)
    set(ARG_VERSION ${PROJECT_VERSION})
  endif()
  set(target SpikeFormerPlugin${id})
  set(directory ${CMAKE_BINARY_DIR}/lib/plugins)
  if(ARG_TEST)
    set(directory ${CMAKE_BINARY_DIR}/test/plugins)
  endif()

  add_library(${target} MODULE ${ARG_UNPARSED_ARGUMENTS})
  set_target_properties(${target} PROPERTIES PREFIX "" OUTPUT_NAME ${id} SUFFIX .so
    LIBRARY_OUTPUT_DIRECTORY ${directory}
    INSTALL_RPATH "$ORIGIN/../.." INSTALL_RPATH_USE_LINK_PATH ON)
  target_compile_features(${target} PRIVATE cxx_std_17)
  # A plugin's referenceStep must give what core's engines give: without contraction, to the bit.
  target_compile_options(${target} PRIVATE -ffp-contract=off)
  target_compile_definitions(${target} PRIVATE SPIKEFORMER_PLUGIN_VERSION="${ARG_VERSION}")
  target_include_directories(${target} PRIVATE ${CMAKE_CURRENT_SOURCE_DIR} ${CMAKE_CURRENT_BINARY_DIR})
  target_link_libraries(${target} PRIVATE SpikeFormer::SpikeFormer ${ARG_LINK})
  target_link_options(${target} PRIVATE -Wl,-z,now)
  # A sanitizer's runtime is in the program only, so that its symbols are undefined here.
  if(NOT LLVM_USE_SANITIZER)
    target_link_options(${target} PRIVATE -Wl,-z,defs)
  endif()
  if(TARGET SpikeFormerIncGen)
    add_dependencies(${target} SpikeFormerIncGen)
  endif()

  sf_plugin_tablegen(${target} ${ARG_TABLEGEN})
  foreach(file ${ARG_DATA})
    configure_file(${file} ${directory}/${id}/${file} COPYONLY)
  endforeach()
  if(NOT ARG_TEST)
    sf_plugin_install(${target} ${id} ${ARG_DATA})
  endif()
endfunction()

# Runs mlir-tblgen for the TABLEGEN arguments of sf_plugin.
function(sf_plugin_tablegen target)
  set(output "")
  foreach(argument ${ARGN} END)
    if(NOT argument MATCHES "\\.(td|inc)$|^END$")
      list(APPEND flags ${argument})
      continue()
    endif()
    if(output)
      get_filename_component(folder ${CMAKE_CURRENT_BINARY_DIR}/${output} DIRECTORY)
      file(MAKE_DIRECTORY ${folder})
      mlir_tablegen(${output} ${flags} -I${CMAKE_CURRENT_SOURCE_DIR} ${SPIKEFORMER_TABLEGEN_FLAGS})
      set(output "")
    endif()
    if(argument MATCHES "\\.td$")
      set(LLVM_TARGET_DEFINITIONS ${argument})
    elseif(argument MATCHES "\\.inc$")
      set(output ${argument})
      set(flags "")
    endif()
  endforeach()
  if(TABLEGEN_OUTPUT)
    add_public_tablegen_target(${target}IncGen)
    add_dependencies(${target} ${target}IncGen)
  endif()
endfunction()

# Installs a plugin and, beside it, the DATA of sf_plugin.
function(sf_plugin_install target id)
  set(directory ${CMAKE_INSTALL_LIBDIR}/spikeformer/plugins)
  install(TARGETS ${target} LIBRARY DESTINATION ${directory})
  foreach(file ${ARGN})
    get_filename_component(folder ${file} DIRECTORY)
    install(FILES ${file} DESTINATION ${directory}/${id}/${folder})
  endforeach()
endfunction()

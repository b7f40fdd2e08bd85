# Helpers that every CMakeLists.txt of the project uses.

# sf_library(NAME SOURCES... [DEPENDS targets...] [LINK libraries...])
# An object library that becomes part of libSpikeFormer.so.
function(sf_library name)
  cmake_parse_arguments(ARG "" "" "DEPENDS;LINK" ${ARGN})
  add_library(SpikeFormer${name} OBJECT ${ARG_UNPARSED_ARGUMENTS})
  set_target_properties(SpikeFormer${name} PROPERTIES POSITION_INDEPENDENT_CODE ON)
  target_compile_options(SpikeFormer${name} PRIVATE -ffp-contract=off)
  add_dependencies(SpikeFormer${name} SpikeFormerIncGen ${ARG_DEPENDS})
  set_property(GLOBAL APPEND PROPERTY SPIKEFORMER_OBJECTS $<TARGET_OBJECTS:SpikeFormer${name}>)
  set_property(GLOBAL APPEND PROPERTY SPIKEFORMER_LINK ${ARG_LINK})
endfunction()

include(SpikeFormerPlugin)

# sf_lit_suite(NAME SOURCE_DIR BINARY_DIR): makes SOURCE_DIR a lit suite that runs in BINARY_DIR, with the
# configuration of test/lit.cfg.py.
function(sf_lit_suite name source binary)
  set(SF_SUITE_NAME ${name})
  set(SF_SUITE_DIR ${source})
  set(SF_SUITE_EXEC_DIR ${binary})
  configure_lit_site_cfg(${CMAKE_SOURCE_DIR}/test/lit.site.cfg.py.in ${binary}/lit.site.cfg.py
                         MAIN_CONFIG ${CMAKE_SOURCE_DIR}/test/lit.cfg.py)
endfunction()

# sf_plugin_unit_test(ID SOURCES...): a gtest program of the plugin sf_plugin(ID ...), in its folder of the build
# tree. It loads the plugin, whose path is the macro <ID>_PLUGIN, and links nothing of it.
function(sf_plugin_unit_test id)
  if(NOT SPIKEFORMER_BUILD_TESTS)
    return()
  endif()
  find_package(GTest REQUIRED)
  add_executable(${id}Tests ${ARGN})
  add_dependencies(${id}Tests SpikeFormerIncGen SpikeFormerPlugin${id})
  target_link_libraries(${id}Tests PRIVATE SpikeFormer GTest::gtest_main GTest::gmock)
  string(TOUPPER ${id} macro)
  target_compile_definitions(${id}Tests PRIVATE ${macro}_PLUGIN="$<TARGET_FILE:SpikeFormerPlugin${id}>")
  set_target_properties(${id}Tests PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${CMAKE_CURRENT_BINARY_DIR}/test)
endfunction()

# sf_planted_plugins(ID FAULTS): for tests, builds the plugin sf_plugin(ID ...) once with each fault of FAULTS, a JSON
# list of {name, file, old, new, means}, as test/planted/NAME.so. Only the file with the fault is compiled again.
function(sf_planted_plugins id faults)
  if(NOT SPIKEFORMER_BUILD_TESTS)
    return()
  endif()
  set(plugin SpikeFormerPlugin${id})
  set(script ${CMAKE_SOURCE_DIR}/tools/scripts/plant_fault.py)
  set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${faults})
  file(READ ${faults} text)
  string(JSON count LENGTH "${text}")
  math(EXPR last "${count} - 1")
  foreach(k RANGE ${last})
    string(JSON name GET "${text}" ${k} name)
    string(JSON file GET "${text}" ${k} file)
    set(planted ${CMAKE_CURRENT_BINARY_DIR}/test/planted/${name}/${file})
    add_custom_command(OUTPUT ${planted} VERBATIM
      COMMAND ${Python3_EXECUTABLE} ${script} ${CMAKE_CURRENT_SOURCE_DIR}/${faults} ${name} ${CMAKE_CURRENT_SOURCE_DIR}
              ${planted}
      DEPENDS ${faults} ${file} ${script})
    string(REPLACE "." "\\." pattern "/${file}.o$")
    set(target ${plugin}-${name})
    add_library(${target} MODULE ${planted} $<FILTER:$<TARGET_OBJECTS:${plugin}>,EXCLUDE,${pattern}>)
    add_dependencies(${target} ${plugin})
    target_compile_options(${target} PRIVATE $<TARGET_PROPERTY:${plugin},COMPILE_OPTIONS>)
    target_compile_definitions(${target} PRIVATE $<TARGET_PROPERTY:${plugin},COMPILE_DEFINITIONS>)
    target_include_directories(${target} PRIVATE $<TARGET_PROPERTY:${plugin},INCLUDE_DIRECTORIES>)
    target_link_libraries(${target} PRIVATE $<TARGET_PROPERTY:${plugin},LINK_LIBRARIES>)
    target_link_options(${target} PRIVATE $<TARGET_PROPERTY:${plugin},LINK_OPTIONS>)
    set_target_properties(${target} PROPERTIES PREFIX "" OUTPUT_NAME ${name} SUFFIX .so
                                               LIBRARY_OUTPUT_DIRECTORY ${CMAKE_CURRENT_BINARY_DIR}/test/planted)
  endforeach()
endfunction()

# sf_tool(NAME SOURCES...): a thin main on libSpikeFormer.so.
function(sf_tool name)
  add_executable(${name} ${ARGN})
  add_dependencies(${name} SpikeFormerIncGen)
  target_link_libraries(${name} PRIVATE SpikeFormer)
  set_target_properties(${name} PROPERTIES INSTALL_RPATH "$ORIGIN/../${CMAKE_INSTALL_LIBDIR}"
                                           INSTALL_RPATH_USE_LINK_PATH ON)
  install(TARGETS ${name} RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
endfunction()

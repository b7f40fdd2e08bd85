# cmake -D HEADERS=a;b -D OUTPUT=ApiHash.h -P ApiHash.cmake
# The hash covers the names and the bytes of the headers, in the order given.
set(all "")
foreach(header ${HEADERS})
  file(SHA256 ${header} hash)
  string(APPEND all "${hash} ${header}\n")
endforeach()
string(SHA256 hash "${all}")
string(SUBSTRING ${hash} 0 16 hash)
file(WRITE ${OUTPUT} "/* Made by the build: the hash of all public headers. */\n#define SPIKEFORMER_API_HASH \"${hash}\"\n")

// libFuzzer's driver, for programs with a main of their own (LLVM, docs/LibFuzzer.rst, "Using
// libFuzzer as a library"); LLVM installs no header that declares it.
#include <stddef.h>
#include <stdint.h>

int LLVMFuzzerRunDriver(int *argc, char ***argv,
                        int (*callback)(const uint8_t *data, size_t size));

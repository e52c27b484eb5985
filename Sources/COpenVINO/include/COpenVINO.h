// OpenVINO's C API, without its headers and without linking it: the runtime is opened when the first of
// its functions is called. So whoever builds on this needs neither pkg-config nor a run path, a program
// starts where there is no runtime, and says so.
#pragma once
#include "functions.h"
#include "types.h"

// What every function that returns a status returns where there is no runtime.
#define OPENVINO_MISSING ((ov_status_e) - 1000)

#define OPENVINO_STATUS(name, parameters, arguments) ov_status_e(*name) parameters;
#define OPENVINO_VOID(name, parameters, arguments) void(*name) parameters;
#define OPENVINO_VALUE(result, missing, name, parameters, arguments) result(*name) parameters;
struct openvino_functions {
    OPENVINO_FUNCTIONS(OPENVINO_STATUS, OPENVINO_VOID, OPENVINO_VALUE)
};
#undef OPENVINO_STATUS
#undef OPENVINO_VOID
#undef OPENVINO_VALUE

// Where the first call looks first: a folder with the runtime's libraries. Of no effect after that call.
void openvino_use_folder(const char *folder);

// Why there is no runtime, or NULL where there is one.
const char *openvino_missing_reason(void);

// Opens the runtime if need be.
const struct openvino_functions *openvino(void);

// Not exported, since the runtime calls functions of these names among its own.
#define OPENVINO_STATUS(name, parameters, arguments) \
    static inline ov_status_e name parameters { return openvino()->name arguments; }
#define OPENVINO_VOID(name, parameters, arguments) \
    static inline void name parameters { openvino()->name arguments; }
#define OPENVINO_VALUE(result, missing, name, parameters, arguments) \
    static inline result name parameters { return openvino()->name arguments; }
OPENVINO_FUNCTIONS(OPENVINO_STATUS, OPENVINO_VOID, OPENVINO_VALUE)
#undef OPENVINO_STATUS
#undef OPENVINO_VOID
#undef OPENVINO_VALUE

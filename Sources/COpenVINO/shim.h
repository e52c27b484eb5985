// OpenVINO's C API (2026.4 or later), as found through pkg-config.
//
// No function is wrapped here. The variadic ones, which Swift cannot import, have twins that take an
// array (`ov_core_compile_model_props`, `ov_core_set_properties`), and Swift calls those.
#pragma once
#include <openvino/c/openvino.h>

// OpenVINO's C API, as found through pkg-config.
#pragma once
#include <openvino/c/openvino.h>

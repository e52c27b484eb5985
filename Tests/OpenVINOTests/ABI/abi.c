// Prints how the types of OpenVINO's C API lie in memory, by its headers (-DHEADERS) or by COpenVINO's.
#ifdef HEADERS
#include <openvino/c/openvino.h>
// COpenVINO's list of functions against these headers.
#define STATUS(name, parameters, arguments) VALUE(ov_status_e, , name, parameters, arguments)
#define VOID(name, parameters, arguments) VALUE(void, , name, parameters, arguments)
#define VALUE(result, missing, name, parameters, arguments) \
    _Static_assert(__builtin_types_compatible_p(__typeof__(name), result parameters), #name " differs");
#include "functions.h"
OPENVINO_FUNCTIONS(STATUS, VOID, VALUE)
#else
#include "types.h"
#endif
#include <stddef.h>
#include <stdio.h>

#define FIELD(type, field) printf(#type "." #field " %zu %zu\n", offsetof(type, field), sizeof(((type *)0)->field));
#define NUMBER(name) printf(#name " %d\n", (int)name);

int main(void) {
    FIELD(ov_shape_t, rank) FIELD(ov_shape_t, dims)
    FIELD(ov_dimension_t, min) FIELD(ov_dimension_t, max)
    FIELD(ov_partial_shape_t, rank) FIELD(ov_partial_shape_t, dims)
    FIELD(ov_version_t, buildNumber) FIELD(ov_version_t, description)
    FIELD(ov_available_devices_t, devices) FIELD(ov_available_devices_t, size)
    FIELD(ov_property_t, key) FIELD(ov_property_t, value)
    FIELD(ov_callback_t, callback_func) FIELD(ov_callback_t, args)
    FIELD(ov_profiling_info_t, status) FIELD(ov_profiling_info_t, real_time) FIELD(ov_profiling_info_t, cpu_time)
    FIELD(ov_profiling_info_t, node_name) FIELD(ov_profiling_info_t, exec_type) FIELD(ov_profiling_info_t, node_type)
    FIELD(ov_profiling_info_list_t, profiling_infos) FIELD(ov_profiling_info_list_t, size)
    printf("sizes %zu %zu %zu\n", sizeof(ov_profiling_info_t), sizeof(ov_property_t), sizeof(ov_partial_shape_t));
    NUMBER(OK) NUMBER(GENERAL_ERROR) NUMBER(NOT_IMPLEMENTED) NUMBER(NETWORK_NOT_LOADED) NUMBER(PARAMETER_MISMATCH)
    NUMBER(NOT_FOUND) NUMBER(OUT_OF_BOUNDS) NUMBER(UNEXPECTED) NUMBER(REQUEST_BUSY) NUMBER(RESULT_NOT_READY)
    NUMBER(NOT_ALLOCATED) NUMBER(INFER_NOT_STARTED) NUMBER(NETWORK_NOT_READ) NUMBER(INFER_CANCELLED)
    NUMBER(INVALID_C_PARAM) NUMBER(UNKNOWN_C_ERROR) NUMBER(NOT_IMPLEMENT_C_METHOD) NUMBER(UNKNOW_EXCEPTION)
    NUMBER(DYNAMIC) NUMBER(OV_BOOLEAN) NUMBER(BF16) NUMBER(F16) NUMBER(F32) NUMBER(F64) NUMBER(I4) NUMBER(I8)
    NUMBER(I16) NUMBER(I32) NUMBER(I64) NUMBER(U1) NUMBER(U2) NUMBER(U3) NUMBER(U4) NUMBER(U6) NUMBER(U8)
    NUMBER(U16) NUMBER(U32) NUMBER(U64) NUMBER(NF4) NUMBER(F8E4M3) NUMBER(F8E5M3) NUMBER(STRING) NUMBER(F4E2M1)
    NUMBER(F8E8M0) NUMBER(NOT_RUN) NUMBER(OPTIMIZED_OUT) NUMBER(EXECUTED)
}

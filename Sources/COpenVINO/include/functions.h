// The functions of OpenVINO's C API (2026.4) that are used here. The variadic ones, which Swift cannot
// import, have twins that take an array (`..._props`, `set_properties`). A test compares this list with the
// headers of the runtime.
#pragma once

// STATUS(name, parameters, arguments), VOID(the same), VALUE(result, value without the runtime, the same)
#define OPENVINO_FUNCTIONS(STATUS, VOID, VALUE) \
    VOID(ov_available_devices_free, (ov_available_devices_t *devices), (devices)) \
    STATUS(ov_core_compile_model_from_file_props, \
           (const ov_core_t *core, const char *path, const char *device, size_t count, \
            const ov_property_t *properties, ov_compiled_model_t **compiled), (core, path, device, count, \
            properties, compiled)) \
    STATUS(ov_core_compile_model_props, \
           (const ov_core_t *core, const ov_model_t *model, const char *device, size_t count, \
            const ov_property_t *properties, ov_compiled_model_t **compiled), (core, model, device, count, \
            properties, compiled)) \
    STATUS(ov_core_create, (ov_core_t **core), (core)) \
    VOID(ov_core_free, (ov_core_t *core), (core)) \
    STATUS(ov_core_get_available_devices, \
           (const ov_core_t *core, ov_available_devices_t *devices), (core, devices)) \
    STATUS(ov_core_get_property, \
           (const ov_core_t *core, const char *device, const char *key, char **value), (core, device, key, \
            value)) \
    STATUS(ov_core_import_model, \
           (const ov_core_t *core, const char *content, size_t size, const char *device, \
            ov_compiled_model_t **compiled), (core, content, size, device, compiled)) \
    STATUS(ov_core_read_model, \
           (const ov_core_t *core, const char *path, const char *weights, ov_model_t **model), (core, path, \
            weights, model)) \
    STATUS(ov_core_read_model_from_memory_buffer, \
           (const ov_core_t *core, const char *text, size_t length, const ov_tensor_t *weights, \
            ov_model_t **model), (core, text, length, weights, model)) \
    STATUS(ov_core_set_properties, \
           (const ov_core_t *core, const char *device, size_t count, const ov_property_t *properties), \
            (core, device, count, properties)) \
    VOID(ov_version_free, (ov_version_t *version), (version)) \
    STATUS(ov_model_const_input_by_index, \
           (const ov_model_t *model, size_t index, ov_output_const_port_t **port), (model, index, port)) \
    STATUS(ov_model_const_output_by_index, \
           (const ov_model_t *model, size_t index, ov_output_const_port_t **port), (model, index, port)) \
    VOID(ov_model_free, (ov_model_t *model), (model)) \
    STATUS(ov_model_get_friendly_name, (const ov_model_t *model, char **name), (model, name)) \
    STATUS(ov_model_inputs_size, (const ov_model_t *model, size_t *size), (model, size)) \
    VALUE(bool, false, ov_model_is_dynamic, (const ov_model_t *model), (model)) \
    STATUS(ov_model_outputs_size, (const ov_model_t *model, size_t *size), (model, size)) \
    STATUS(ov_model_reshape, \
           (const ov_model_t *model, const char **names, const ov_partial_shape_t *shapes, size_t size), \
            (model, names, shapes, size)) \
    VOID(ov_output_const_port_free, (ov_output_const_port_t *port), (port)) \
    STATUS(ov_port_get_any_name, (const ov_output_const_port_t *port, char **name), (port, name)) \
    STATUS(ov_port_get_element_type, \
           (const ov_output_const_port_t *port, ov_element_type_e *type), (port, type)) \
    STATUS(ov_port_get_partial_shape, \
           (const ov_output_const_port_t *port, ov_partial_shape_t *shape), (port, shape)) \
    STATUS(ov_compiled_model_create_infer_request, \
           (const ov_compiled_model_t *compiled, ov_infer_request_t **request), (compiled, request)) \
    STATUS(ov_compiled_model_export_model, \
           (const ov_compiled_model_t *compiled, const char *path), (compiled, path)) \
    VOID(ov_compiled_model_free, (ov_compiled_model_t *compiled), (compiled)) \
    STATUS(ov_compiled_model_get_property, \
           (const ov_compiled_model_t *compiled, const char *key, char **value), (compiled, key, value)) \
    STATUS(ov_compiled_model_get_runtime_model, \
           (const ov_compiled_model_t *compiled, ov_model_t **model), (compiled, model)) \
    STATUS(ov_compiled_model_input_by_index, \
           (const ov_compiled_model_t *compiled, size_t index, ov_output_const_port_t **port), (compiled, \
            index, port)) \
    STATUS(ov_compiled_model_input_by_name, \
           (const ov_compiled_model_t *compiled, const char *name, ov_output_const_port_t **port), \
            (compiled, name, port)) \
    STATUS(ov_compiled_model_inputs_size, \
           (const ov_compiled_model_t *compiled, size_t *size), (compiled, size)) \
    STATUS(ov_compiled_model_output_by_index, \
           (const ov_compiled_model_t *compiled, size_t index, ov_output_const_port_t **port), (compiled, \
            index, port)) \
    STATUS(ov_compiled_model_output_by_name, \
           (const ov_compiled_model_t *compiled, const char *name, ov_output_const_port_t **port), \
            (compiled, name, port)) \
    STATUS(ov_compiled_model_outputs_size, \
           (const ov_compiled_model_t *compiled, size_t *size), (compiled, size)) \
    STATUS(ov_compiled_model_set_properties, \
           (const ov_compiled_model_t *compiled, size_t count, const ov_property_t *properties), (compiled, \
            count, properties)) \
    STATUS(ov_infer_request_cancel, (ov_infer_request_t *request), (request)) \
    VOID(ov_infer_request_free, (ov_infer_request_t *request), (request)) \
    STATUS(ov_infer_request_get_input_tensor_by_index, \
           (const ov_infer_request_t *request, size_t index, ov_tensor_t **tensor), (request, index, \
            tensor)) \
    STATUS(ov_infer_request_get_output_tensor_by_index, \
           (const ov_infer_request_t *request, size_t index, ov_tensor_t **tensor), (request, index, \
            tensor)) \
    STATUS(ov_infer_request_get_profiling_info, \
           (const ov_infer_request_t *request, ov_profiling_info_list_t *list), (request, list)) \
    STATUS(ov_infer_request_infer, (ov_infer_request_t *request), (request)) \
    STATUS(ov_infer_request_set_callback, \
           (ov_infer_request_t *request, const ov_callback_t *callback), (request, callback)) \
    STATUS(ov_infer_request_set_input_tensor_by_index, \
           (ov_infer_request_t *request, size_t index, const ov_tensor_t *tensor), (request, index, tensor)) \
    STATUS(ov_infer_request_set_output_tensor_by_index, \
           (ov_infer_request_t *request, size_t index, const ov_tensor_t *tensor), (request, index, tensor)) \
    STATUS(ov_infer_request_start_async, (ov_infer_request_t *request), (request)) \
    STATUS(ov_infer_request_wait, (ov_infer_request_t *request), (request)) \
    VOID(ov_profiling_info_list_free, (ov_profiling_info_list_t *list), (list)) \
    STATUS(ov_tensor_create, \
           (ov_element_type_e type, ov_shape_t shape, ov_tensor_t **tensor), (type, shape, tensor)) \
    STATUS(ov_tensor_create_from_host_ptr, \
           (ov_element_type_e type, ov_shape_t shape, void *data, ov_tensor_t **tensor), (type, shape, \
            data, tensor)) \
    STATUS(ov_tensor_create_from_string_array, \
           (const char **strings, size_t count, ov_shape_t shape, ov_tensor_t **tensor), (strings, count, \
            shape, tensor)) \
    STATUS(ov_tensor_data, (const ov_tensor_t *tensor, void **data), (tensor, data)) \
    VOID(ov_tensor_free, (ov_tensor_t *tensor), (tensor)) \
    STATUS(ov_tensor_get_byte_size, (const ov_tensor_t *tensor, size_t *size), (tensor, size)) \
    STATUS(ov_tensor_get_element_type, (const ov_tensor_t *tensor, ov_element_type_e *type), (tensor, type)) \
    STATUS(ov_tensor_get_shape, (const ov_tensor_t *tensor, ov_shape_t *shape), (tensor, shape)) \
    STATUS(ov_tensor_get_size, (const ov_tensor_t *tensor, size_t *size), (tensor, size)) \
    STATUS(ov_tensor_set_shape, (ov_tensor_t *tensor, ov_shape_t shape), (tensor, shape)) \
    VOID(ov_partial_shape_free, (ov_partial_shape_t *shape), (shape)) \
    VALUE(bool, false, ov_rank_is_dynamic, (ov_rank_t rank), (rank)) \
    STATUS(ov_shape_free, (ov_shape_t *shape), (shape)) \
    VOID(ov_free, (const char *content), (content)) \
    VALUE(const char *, NULL, ov_get_error_info, (ov_status_e status), (status)) \
    VALUE(const char *, NULL, ov_get_last_err_msg, (void), ()) \
    STATUS(ov_get_openvino_version, (ov_version_t *version), (version)) \
    VOID(ov_util_reset_log_callback, (void), ()) \
    VOID(ov_util_set_log_callback, (ov_util_log_callback_func callback), (callback))

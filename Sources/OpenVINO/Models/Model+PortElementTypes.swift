internal import COpenVINO

extension Model {
    /// Changes the element types in which inputs are given and outputs are returned; OpenVINO
    /// converts at the model's edge. With the type that the device computes in, the conversion
    /// costs nothing or nearly so, and large tensors take half the memory.
    ///
    /// The graph is changed in place, as OpenVINO's C API has it. This model is returned, to go on
    /// with.
    ///
    /// - Parameters:
    ///   - inputs: types by input name; other inputs stay as they are.
    ///   - outputs: types by output name.
    @discardableResult
    public func setPortElementTypes(
        inputs: [String: ElementType] = [:], outputs: [String: ElementType] = [:]
    ) throws(OpenVINOError) -> Model {
        let processor = try created("prepare a model's ports") {
            ov_preprocess_prepostprocessor_create(pointer, &$0)
        }
        defer { ov_preprocess_prepostprocessor_free(processor) }

        for (name, type) in inputs {
            let operation = "give input \"\(name)\" the type \(type)"
            let input = try created(operation) {
                ov_preprocess_prepostprocessor_get_input_info_by_name(processor, name, &$0)
            }
            defer { ov_preprocess_input_info_free(input) }
            let tensor = try created(operation) {
                ov_preprocess_input_info_get_tensor_info(input, &$0)
            }
            defer { ov_preprocess_input_tensor_info_free(tensor) }
            try check(
                ov_preprocess_input_tensor_info_set_element_type(tensor, type.cValue), operation)
        }
        for (name, type) in outputs {
            let operation = "give output \"\(name)\" the type \(type)"
            let output = try created(operation) {
                ov_preprocess_prepostprocessor_get_output_info_by_name(processor, name, &$0)
            }
            defer { ov_preprocess_output_info_free(output) }
            let tensor = try created(operation) {
                ov_preprocess_output_info_get_tensor_info(output, &$0)
            }
            defer { ov_preprocess_output_tensor_info_free(tensor) }
            try check(ov_preprocess_output_set_element_type(tensor, type.cValue), operation)
        }

        // What comes back is another C object for the same graph, the changed one.
        let built = try created("change the types of a model's ports") {
            ov_preprocess_prepostprocessor_build(processor, &$0)
        }
        ov_model_free(built)
        return self
    }
}

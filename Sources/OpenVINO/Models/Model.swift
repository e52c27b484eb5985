internal import COpenVINO

/// A model as a graph of operations, to be compiled for a device.
///
/// Comes from ``Core/readModel(at:weights:)`` and its siblings. The graph is changed in place
/// (``reshape(_:)``), so a model is not `Sendable`; compiling it leaves it as it is.
public final class Model {
    /// The only reference to the C object; freed in `deinit`.
    let pointer: OpaquePointer

    /// The memory that the graph's constants lie in, if it is a tensor of the caller's.
    let weights: Tensor?

    init(owning pointer: OpaquePointer, weights: Tensor?) {
        self.pointer = pointer
        self.weights = weights
    }

    deinit {
        ov_model_free(pointer)
    }

    /// The model's name, as the IR carries it.
    package var friendlyName: String {
        get throws(OpenVINOError) {
            try string("read the name of a model") { ov_model_get_friendly_name(pointer, &$0) }
        }
    }

    /// Whether some shape is open until inference.
    package var isDynamic: Bool { ov_model_is_dynamic(pointer) }

    /// The inputs, in the model's order.
    public var inputs: [Port] {
        get throws(OpenVINOError) {
            try PortTable(
                owner: pointer, side: .input, count: ov_model_inputs_size,
                byIndex: ov_model_const_input_by_index
            ).ports()
        }
    }

    /// The outputs, in the model's order.
    public var outputs: [Port] {
        get throws(OpenVINOError) {
            try PortTable(
                owner: pointer, side: .output, count: ov_model_outputs_size,
                byIndex: ov_model_const_output_by_index
            ).ports()
        }
    }

    /// Gives inputs other shapes, and works out again the shapes of everything that follows.
    ///
    /// - Parameter shapes: a shape for each input that changes, by name.
    /// - Throws: ``OpenVINOError`` when there is no such input, or an operation cannot take the
    ///   shape; the model is then as before. Also, with `.notImplementedInC`, for shapes of open rank
    ///   and of no axes.
    public func reshape(_ shapes: [String: PartialShape]) throws(OpenVINOError) {
        let shapes = shapes.sorted { $0.key < $1.key }
        let text = shapes.map { "\($0.key) \($0.value)" }.joined(separator: ", ")
        let operation = "reshape a model's inputs to \(text)"
        // OpenVINO 2026.4's C API takes both for one axis of any size.
        guard shapes.allSatisfy({ ($0.value.rank ?? 0) > 0 }) else {
            throw OpenVINOError(
                code: .notImplementedInC, operation: operation,
                message: "its C API cannot express a shape of open rank or of no axes")
        }
        let names = shapes.map { Array($0.key.utf8CString) }
        let dimensions = shapes.map { $0.value.dimensions?.map(\.cValue) ?? [] }

        // One block a kind, and pointers into it: what C wants to see side by side.
        let characters = names.flatMap { $0 }
        var sizes = dimensions.flatMap { $0 }
        let status = characters.withUnsafeBufferPointer { characters in
            sizes.withUnsafeMutableBufferPointer { sizes in
                var offset = 0
                var namePointers: [UnsafePointer<CChar>?] = names.map { name in
                    defer { offset += name.count }
                    return characters.baseAddress.map { $0 + offset }
                }
                var used = 0
                let partialShapes = dimensions.map { list in
                    defer { used += list.count }
                    return ov_partial_shape_t(
                        rank: PartialShape.Dimension(list.count).cValue,
                        dims: sizes.baseAddress.map { $0 + used })
                }
                return ov_model_reshape(pointer, &namePointers, partialShapes, shapes.count)
            }
        }
        try check(status, operation)
    }
}

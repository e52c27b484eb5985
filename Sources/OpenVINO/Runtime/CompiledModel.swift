internal import COpenVINO
package import Foundation

/// A model compiled for a device.
///
/// It may be used from any thread, and any number of requests may run on it at the same time.
public final class CompiledModel: Sendable {
    /// The only reference to the C object; freed in `deinit`.
    /// Unchecked: `ov::CompiledModel` does not change, and locks inside where it must.
    nonisolated(unsafe) let pointer: OpaquePointer

    /// The memory that constants may still lie in.
    /// Unchecked: nothing looks at it here; it is only kept, and released with this object.
    nonisolated(unsafe) private let weights: Tensor?

    /// The inputs, in the model's order.
    public let inputs: [Port]
    /// The outputs, in the model's order.
    public let outputs: [Port]

    private let inputIndexes: [String: Int]
    private let outputIndexes: [String: Int]

    init(owning pointer: OpaquePointer, weights: Tensor?) throws(OpenVINOError) {
        self.pointer = pointer
        self.weights = weights
        do throws(OpenVINOError) {
            inputs = try PortTable(
                owner: pointer, side: .input, count: ov_compiled_model_inputs_size,
                byIndex: ov_compiled_model_input_by_index
            ).ports()
            outputs = try PortTable(
                owner: pointer, side: .output, count: ov_compiled_model_outputs_size,
                byIndex: ov_compiled_model_output_by_index
            ).ports()
        } catch {
            // An initialiser that throws runs no deinit.
            ov_compiled_model_free(pointer)
            throw error
        }
        inputIndexes = Self.indexes(inputs)
        outputIndexes = Self.indexes(outputs)
    }

    deinit {
        ov_compiled_model_free(pointer)
    }

    /// The value of a property that the model was compiled with, as text.
    public func property(_ key: String) throws(OpenVINOError) -> String {
        try string("read the property \(key) of a compiled model") {
            ov_compiled_model_get_property(pointer, key, &$0)
        }
    }

    /// Changes properties of the compiled model, of those few that a device lets change (AUTO's
    /// priority, for one).
    package func setProperties(_ properties: [Property]) throws(OpenVINOError) {
        let text = properties.map(\.description).joined(separator: ", ")
        let status = properties.withCProperties {
            ov_compiled_model_set_properties(pointer, $1, $0)
        }
        try check(status, "set \(text) on a compiled model")
    }

    /// A new request, with tensors of its own. Each runs one inference at a time.
    public func makeInferRequest() throws(OpenVINOError) -> sending InferRequest {
        let request = try created("make an infer request") {
            ov_compiled_model_create_infer_request(pointer, &$0)
        }
        return try InferRequest(owning: request, of: self)
    }

    /// The graph that the device really runs, after fusing and choosing kernels.
    package func runtimeModel() throws(OpenVINOError) -> Model {
        let model = try created("read the graph of a compiled model") {
            ov_compiled_model_get_runtime_model(pointer, &$0)
        }
        return Model(owning: model, weights: weights)
    }

    /// Writes the compiled model to a file, for ``Core/importModel(at:for:)``. The file is written
    /// beside its place and moved there when it is complete.
    package func export(to url: URL) throws(OpenVINOError) {
        let path = url.path(percentEncoded: false)
        let partial = url.deletingLastPathComponent().appending(
            path: ".\(url.lastPathComponent).\(UUID().uuidString).partial")
        let partialPath = partial.path(percentEncoded: false)
        let operation = "export a compiled model to \(path)"
        do throws(OpenVINOError) {
            try check(ov_compiled_model_export_model(pointer, partialPath), operation)
            guard rename(partialPath, path) == 0 else {
                throw OpenVINOError(
                    code: .generalError, operation: operation,
                    message: String(cString: strerror(errno)))
            }
        } catch {
            unlink(partialPath)
            throw error
        }
    }

    /// The place of the port that has this name among its names.
    func index(of name: String, _ side: Side) throws(OpenVINOError) -> Int {
        if let index = (side == .input ? inputIndexes : outputIndexes)[name] { return index }
        let ports = side == .input ? inputs : outputs
        let operation = "find the \(side) \"\(name)\" among \(ports.map(\.name))"
        let port: OpaquePointer
        do throws(OpenVINOError) {
            port = try created(operation) {
                switch side {
                case .input: ov_compiled_model_input_by_name(pointer, name, &$0)
                case .output: ov_compiled_model_output_by_name(pointer, name, &$0)
                }
            }
        } catch {
            // OpenVINO calls every reason a general error.
            throw OpenVINOError(
                code: error.code == .generalError ? .notFound : error.code, operation: operation,
                message: error.message)
        }
        defer { ov_output_const_port_free(port) }
        // Another of the port's names: what it calls itself is in the table.
        let canonical = Port.name(of: port)
        guard let index = (side == .input ? inputIndexes : outputIndexes)[canonical] else {
            throw OpenVINOError(code: .notFound, operation: operation)
        }
        return index
    }

    private static func indexes(_ ports: [Port]) -> [String: Int] {
        Dictionary(
            ports.filter { !$0.name.isEmpty }.map { ($0.name, $0.index) },
            uniquingKeysWith: { first, _ in first })
    }
}

internal import COpenVINO

/// One inference on a compiled model: its inputs, its outputs and the run.
///
/// A request runs one inference at a time and is changed by every call, so it is not `Sendable`:
/// make one per task or actor (they share the compiled model), or keep it in an actor. An actor that
/// blocks in ``infer()`` should run on a ``DedicatedThreadExecutor``.
///
/// Given tensors are used in place, not copied: OpenVINO reads inputs and writes outputs in their
/// own memory, and the request keeps them alive until others are given.
///
/// In a loop, such as a decoder's key-value cache, an output becomes an input of the next step:
/// - Where the output's shape is open, take ``output(_:)`` and give it to ``setInput(_:_:)`` of the
///   same request. The CPU notices and writes into a second buffer, without a copy. A step overwrites
///   the output of the last but one.
/// - Where shapes are fixed, nobody notices: the output is overwritten while it is read, and the
///   result is wrong. Let two tensors take turns: one holds what was, the other is given as output,
///   and after each step they swap. (This is safe for open shapes too, but there costs a copy.)
public final class InferRequest {
    let handle: RequestHandle
    /// The model that it runs, which it keeps alive.
    public let compiledModel: CompiledModel

    /// The tensors that were given, by port: their memory must outlive the request's use of it.
    private var givenInputs: [Int: Tensor] = [:]
    private var givenOutputs: [Int: Tensor] = [:]

    init(owning pointer: OpaquePointer, of model: CompiledModel) throws(OpenVINOError) {
        handle = RequestHandle(owning: pointer)
        compiledModel = model
        try handle.installCallback()
    }

    // MARK: Inputs and outputs

    /// Uses a tensor as an input of the inferences to come.
    ///
    /// - Throws: ``OpenVINOError``: `.notFound` when there is no such input, `.parameterMismatch` when the
    ///   tensor's type or shape is not one that it takes.
    public func setInput(_ name: String, _ tensor: Tensor) throws(OpenVINOError) {
        try setInput(at: compiledModel.index(of: name, .input), tensor)
    }

    /// Uses a tensor as an input of the inferences to come.
    package func setInput(at index: Int, _ tensor: Tensor) throws(OpenVINOError) {
        try use(tensor, at: index, .input, ov_infer_request_set_input_tensor_by_index)
        givenInputs[index] = tensor
    }

    /// Has an output of the inferences to come written into a tensor. Where the output's shape is
    /// open, the tensor is resized.
    package func setOutput(_ name: String, _ tensor: Tensor) throws(OpenVINOError) {
        try setOutput(at: compiledModel.index(of: name, .output), tensor)
    }

    /// Has an output of the inferences to come written into a tensor.
    package func setOutput(at index: Int, _ tensor: Tensor) throws(OpenVINOError) {
        try use(tensor, at: index, .output, ov_infer_request_set_output_tensor_by_index)
        givenOutputs[index] = tensor
    }

    /// The tensor of an input: the one that was given, or the request's own, to be filled in place.
    package func input(_ name: String) throws(OpenVINOError) -> Tensor {
        try input(at: compiledModel.index(of: name, .input))
    }

    /// The tensor of an input.
    package func input(at index: Int) throws(OpenVINOError) -> Tensor {
        if let given = givenInputs[index] { return given }
        let tensor = try created("reach \(describe(index, .input))") {
            ov_infer_request_get_input_tensor_by_index(handle.pointer, index, &$0)
        }
        return Tensor(owning: tensor, keeping: compiledModel)
    }

    /// The tensor of an output: the one that was given, or the request's own. The next inference
    /// overwrites it, so take what is to stay.
    public func output(_ name: String) throws(OpenVINOError) -> Tensor {
        try output(at: compiledModel.index(of: name, .output))
    }

    /// The tensor of an output.
    package func output(at index: Int) throws(OpenVINOError) -> Tensor {
        if let given = givenOutputs[index] { return given }
        let tensor = try created("reach \(describe(index, .output))") {
            ov_infer_request_get_output_tensor_by_index(handle.pointer, index, &$0)
        }
        return Tensor(owning: tensor, keeping: compiledModel)
    }

    // MARK: Running

    /// Runs the model on the inputs, and returns when the outputs are there. Blocks the thread.
    ///
    /// - Throws: ``OpenVINOError``; with `.inferCancelled` after a ``cancel()`` from elsewhere.
    public func infer() throws(OpenVINOError) {
        try handle.checkIdle()
        try check(ov_infer_request_infer(handle.pointer), "run an inference")
    }

    /// Stops the inference that is running, if one is; it ends with `.inferCancelled`.
    public func cancel() {
        handle.cancel()
    }

    /// Something that can stop this request's inference from another task or thread.
    package var canceller: Canceller { Canceller(handle: handle) }

    /// Stops a request's inference from anywhere.
    package struct Canceller: Sendable {
        let handle: RequestHandle

        /// Stops the inference that is running, if one is; it ends with `.inferCancelled`.
        package func cancel() {
            handle.cancel()
        }
    }

    /// OpenVINO calls every reason a general error.
    private func use(
        _ tensor: Tensor, at index: Int, _ side: Side,
        _ set: (OpaquePointer?, Int, OpaquePointer?) -> ov_status_e
    ) throws(OpenVINOError) {
        do throws(OpenVINOError) {
            try check(
                set(handle.pointer, index, tensor.pointer),
                "use \(tensor) as \(describe(index, side))")
        } catch {
            guard error.code == .generalError else { throw error }
            let ports = side == .input ? compiledModel.inputs : compiledModel.outputs
            throw OpenVINOError(
                code: ports.indices.contains(index) ? .parameterMismatch : .outOfBounds,
                operation: error.operation, message: error.message)
        }
    }

    private func describe(_ index: Int, _ side: Side) -> String {
        let ports = side == .input ? compiledModel.inputs : compiledModel.outputs
        guard ports.indices.contains(index) else { return "\(side) \(index) of \(ports.count)" }
        return "\(side) \"\(ports[index].name)\", which is \(ports[index].elementType) "
            + "\(ports[index].shape)"
    }
}

internal import COpenVINO
public import Foundation

extension Core {
    /// Reads a model from a file: OpenVINO IR (.xml), ONNX, TensorFlow (Lite) or Paddle.
    ///
    /// - Parameters:
    ///   - url: the model's file.
    ///   - weights: the file of an IR's constants; nil looks for the .bin of the same name. Any file
    ///     will do, since an IR names offsets in it.
    public func readModel(at url: URL, weights: URL? = nil) throws(OpenVINOError) -> Model {
        let path = url.path(percentEncoded: false)
        let weightsPath = weights?.path(percentEncoded: false)
        let model = try created("read the model \(path)") {
            ov_core_read_model(pointer, path, weightsPath, &$0)
        }
        return Model(owning: model, weights: nil)
    }

    /// Reads a model from the text of an IR.
    ///
    /// - Parameters:
    ///   - xml: the IR, version 10 or 11.
    ///   - weights: the bytes of its constants (of type `u8`, one axis), which are used in place and
    ///     not copied. The model keeps the tensor alive, and so does what is compiled from it. Its
    ///     contents must not change from now on.
    public func readModel(xml: String, weights: Tensor? = nil) throws(OpenVINOError) -> Model {
        var xml = xml
        let model = try created("read a model from memory") { model in
            xml.withUTF8 { text in
                text.withMemoryRebound(to: CChar.self) {
                    ov_core_read_model_from_memory_buffer(
                        pointer, $0.baseAddress, $0.count, weights?.pointer, &model)
                }
            }
        }
        return Model(owning: model, weights: weights)
    }

    /// Compiles a model for a device. The model itself stays as it is.
    ///
    /// - Parameters:
    ///   - model: read before.
    ///   - device: as OpenVINO names them: `CPU`, `GPU`, `NPU`, `AUTO`, `GPU.1`, `HETERO:GPU,CPU`.
    ///   - properties: settings of this compilation.
    public func compile(
        _ model: Model, for device: String, properties: [Property] = []
    ) throws(OpenVINOError) -> CompiledModel {
        let compiled = try created("compile a model for device \(device)") { compiled in
            properties.withCProperties {
                ov_core_compile_model_props(pointer, model.pointer, device, $1, $0, &compiled)
            }
        }
        return try CompiledModel(owning: compiled, weights: model.weights)
    }

    /// Reads and compiles a model in one go. With a cache directory set, a model that is in the cache
    /// need not even be read.
    package func compile(
        at url: URL, for device: String, properties: [Property] = []
    ) throws(OpenVINOError) -> CompiledModel {
        let path = url.path(percentEncoded: false)
        let compiled = try created("compile the model \(path) for device \(device)") { compiled in
            properties.withCProperties {
                ov_core_compile_model_from_file_props(pointer, path, device, $1, $0, &compiled)
            }
        }
        return try CompiledModel(owning: compiled, weights: nil)
    }

    /// Loads a compiled model that ``CompiledModel/export(to:)`` wrote, for the device that it was
    /// compiled for.
    ///
    /// A file that another version of OpenVINO wrote is refused. It holds machine-dependent data
    /// which OpenVINO does not check: load only files of your own.
    package func importModel(at url: URL, for device: String) throws(OpenVINOError) -> CompiledModel
    {
        let operation = "import the compiled model \(url.path(percentEncoded: false))"
        let content: Data
        do {
            content = try Data(contentsOf: url, options: .mappedIfSafe)
        } catch {
            throw OpenVINOError(
                code: .notFound, operation: operation, message: error.localizedDescription)
        }
        let compiled = try created(operation) { compiled in
            content.withUnsafeBytes { bytes in
                ov_core_import_model(
                    pointer, bytes.baseAddress?.assumingMemoryBound(to: CChar.self), bytes.count,
                    device, &compiled)
            }
        }
        return try CompiledModel(owning: compiled, weights: nil)
    }
}

import BLIP
import Foundation
import Hummingbird
import BlipWireFormats

/// An output of `infer`.
struct OutputTensor: Encodable, Sendable {
    enum Values: Sendable {
        case texts([String])
        case numbers([Float])
    }

    let name: String
    let shape: [Int]
    let values: Values
    private(set) var isBinary = false

    init(_ name: String, _ shape: [Int], _ values: Values) {
        self.name = name
        self.shape = shape
        self.values = values
    }

    func with(isBinary: Bool) -> OutputTensor {
        var tensor = self
        tensor.isBinary = isBinary
        return tensor
    }

    /// What stands behind the JSON.
    var bytes: [UInt8] {
        switch values {
        case .texts(let texts): BytesTensor.bytes(of: texts.map(\.utf8))
        case .numbers(let numbers): numbers.littleEndianBytes
        }
    }

    private enum CodingKeys: CodingKey { case name, shape, datatype, data, parameters }

    func encode(to encoder: any Encoder) throws {
        var object = encoder.container(keyedBy: CodingKeys.self)
        try object.encode(name, forKey: .name)
        try object.encode(shape, forKey: .shape)
        switch values {
        case .texts(let texts):
            try object.encode("BYTES", forKey: .datatype)
            if !isBinary { try object.encode(texts, forKey: .data) }
        case .numbers(let numbers):
            try object.encode("FP32", forKey: .datatype)
            if !isBinary { try object.encode(numbers, forKey: .data) }
        }
        if isBinary { try object.encode(["binary_data_size": bytes.count], forKey: .parameters) }
    }
}

/// The answer of `infer`.
struct OpenInferenceResponse: Encodable {
    let modelName: String
    let modelVersion: String
    let id: String?
    let outputs: [OutputTensor]

    enum CodingKeys: String, CodingKey {
        case modelName = "model_name"
        case modelVersion = "model_version"
        case id, outputs
    }

    /// JSON, with the binary tensors behind it where there are any.
    func response() throws -> Response {
        guard outputs.contains(where: \.isBinary) else { return try Response(json: self) }
        let header = try JSONEncoder.service.encode(self)
        let bytes = outputs.filter(\.isBinary).flatMap(\.bytes)
        var response = Response(Array(header) + bytes, type: "application/octet-stream")
        response.headers["inference-header-content-length"] = "\(header.count)"
        return response
    }
}

/// What the Open Inference Protocol tells of the model.
struct ModelMetadata: Encodable, Sendable {
    struct Tensor: Encodable, Sendable {
        let name: String
        let datatype: String
        /// Of any length.
        let shape = [-1]
    }

    let name: String
    let versions = [ModelMetadata.version]
    let platform = "openvino"
    let inputs: [Tensor]
    let outputs: [Tensor]

    static let version = "1"

    init(name: String, tasks: Set<BlipTask>) {
        self.name = name
        var inputs = ["image"]
        var outputs: [Tensor] = []
        if tasks.contains(.caption) { outputs.append(Tensor(name: "caption", datatype: "BYTES")) }
        if tasks.contains(.answer) {
            inputs.append("question")
            outputs.append(Tensor(name: "answer", datatype: "BYTES"))
        }
        if !outputs.isEmpty { outputs.append(Tensor(name: "score", datatype: "FP32")) }
        if tasks.contains(.match) {
            inputs.append("text")
            outputs += ["match_probability", "similarity"].map {
                Tensor(name: $0, datatype: "FP32")
            }
        }
        self.inputs = inputs.map { Tensor(name: $0, datatype: "BYTES") }
        self.outputs = outputs
    }
}

struct OpenInferenceServer: Encodable, Sendable {
    var name = "swift-blip"
    let version: String
    var extensions = ["binary_tensor_data", "model_configuration", "statistics"]
}

/// Whether the server or a model lives or takes requests.
struct HealthRecord: Encodable, Sendable {
    var name: String?
    var live: Bool?
    var ready: Bool?
}

/// The model's configuration, in Triton's terms.
struct ModelConfiguration: Encodable {
    struct Tensor: Encodable {
        let name: String
        let dataType: String
        let dims = [-1]

        enum CodingKeys: String, CodingKey {
            case name, dims
            case dataType = "data_type"
        }

        init(_ tensor: ModelMetadata.Tensor) {
            name = tensor.name
            dataType = tensor.datatype == "BYTES" ? "TYPE_STRING" : "TYPE_\(tensor.datatype)"
        }
    }

    let name: String
    let platform: String
    let backend: String
    /// Batches are formed of requests; a tensor has no batch dimension.
    let maxBatchSize = 0
    let input: [Tensor]
    let output: [Tensor]

    enum CodingKeys: String, CodingKey {
        case name, platform, backend, input, output
        case maxBatchSize = "max_batch_size"
    }

    init(_ metadata: ModelMetadata) {
        name = metadata.name
        platform = metadata.platform
        backend = metadata.platform
        input = metadata.inputs.map(Tensor.init)
        output = metadata.outputs.map(Tensor.init)
    }
}

struct RepositoryEntry: Encodable {
    let name: String
    let version: String
    let state: String
    let reason = ""
}

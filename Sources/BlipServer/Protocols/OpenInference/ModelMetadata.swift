import BLIP

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

struct ServerMetadata: Encodable, Sendable {
    var name = "swift-blip"
    let version: String
    var extensions = ["binary_tensor_data"]
}

/// Whether the server or a model lives or takes requests.
struct HealthRecord: Encodable, Sendable {
    var name: String?
    var live: Bool?
    var ready: Bool?
}

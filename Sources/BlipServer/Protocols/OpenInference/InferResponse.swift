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
        case .numbers(let numbers):
            numbers.flatMap { number in
                (0..<4).map { UInt8(truncatingIfNeeded: number.bitPattern >> (8 * $0)) }
            }
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
struct InferResponse: Encodable {
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
        guard outputs.contains(where: \.isBinary) else { return try jsonResponse(self) }
        let header = try JSONEncoder.service.encode(self)
        var headers = HTTPFields()
        headers[.contentType] = "application/octet-stream"
        headers["inference-header-content-length"] = "\(header.count)"
        let bytes = outputs.filter(\.isBinary).flatMap(\.bytes)
        return Response(
            status: .ok, headers: headers,
            body: ResponseBody(byteBuffer: ByteBuffer(bytes: Array(header) + bytes)))
    }
}

import Foundation
import HTTPTypes
import Hummingbird

extension Response {
    /// A response of one JSON object.
    init(json object: some Encodable, status: HTTPResponse.Status = .ok) throws {
        self.init(
            try JSONEncoder.service.encode(object), type: "application/json", status: status)
    }

    /// A response whose body is there already.
    init(_ bytes: some Sequence<UInt8>, type: String, status: HTTPResponse.Status = .ok) {
        self.init(
            status: status, headers: [.contentType: type],
            body: ResponseBody(byteBuffer: ByteBuffer(bytes: bytes)))
    }
}

extension JSONEncoder {
    static var service: JSONEncoder {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return encoder
    }
}

extension HTTPFields {
    /// A field of a name that HTTPTypes has no constant for.
    subscript(name: String) -> String? {
        get { HTTPField.Name(name).flatMap { self[$0] } }
        set {
            if let name = HTTPField.Name(name) { self[name] = newValue }
        }
    }
}

/// A message of `blip worker`'s protocol: JSON, and bytes that belong to it, such as a picture's file.
package struct Frame: Sendable, Hashable {
    /// An object, as UTF-8.
    package let json: [UInt8]
    /// What the object tells of; often none.
    package let payload: [UInt8]

    /// - Parameters:
    ///   - json: an object, as UTF-8.
    ///   - payload: bytes that the object tells of.
    package init(json: [UInt8], payload: [UInt8] = []) {
        self.json = json
        self.payload = payload
    }

    /// The frame as it is sent: the two lengths, the JSON, the bytes.
    package var bytes: [UInt8] {
        FrameHeader(jsonLength: json.count, payloadLength: payload.count).bytes + json + payload
    }
}

/// What a frame begins with: the lengths of its parts, four bytes each, the most significant first.
package struct FrameHeader: Sendable, Hashable {
    /// Bytes of the header itself.
    package static let length = 8

    /// Bytes of the JSON.
    package let jsonLength: Int
    /// Bytes behind the JSON.
    package let payloadLength: Int

    init(jsonLength: Int, payloadLength: Int) {
        self.jsonLength = jsonLength
        self.payloadLength = payloadLength
    }

    init(_ bytes: [UInt8], limits: FrameLimits) throws(WireFormatError) {
        let number = { (part: ArraySlice<UInt8>) in part.reduce(0) { $0 << 8 | Int($1) } }
        jsonLength = number(bytes.prefix(4))
        payloadLength = number(bytes.dropFirst(4))
        guard (1...limits.json).contains(jsonLength) else {
            throw WireFormatError(
                .invalidFrame,
                "A frame announces \(jsonLength) bytes of JSON, and 1 to \(limits.json) are taken; "
                    + "send frames as docs/worker.md describes them")
        }
        guard payloadLength <= limits.payload else {
            throw WireFormatError(
                .invalidFrame,
                "A frame announces \(payloadLength) bytes behind its JSON, and at most "
                    + "\(limits.payload) are taken; send a path, or a smaller picture")
        }
    }

    var bytes: [UInt8] {
        [jsonLength, payloadLength].flatMap { length in
            [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: length >> $0) }
        }
    }
}

/// The most that is taken of a frame's parts.
package struct FrameLimits: Sendable, Hashable {
    /// Bytes of the JSON.
    package var json = 1 << 20
    /// Bytes behind it.
    package var payload = 512 << 20

    /// 1 MB of JSON, and 512 MB behind it.
    package init() {}
}

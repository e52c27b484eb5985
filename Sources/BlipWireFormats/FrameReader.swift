/// Reads frames from a stream that nobody vouches for. A length that is only announced takes no memory.
package struct FrameReader {
    /// Gives the stream's next bytes, at least one and at most as many as it is asked for; none at its end.
    package typealias Source = (_ maximum: Int) throws -> [UInt8]

    /// The most that is taken.
    package let limits: FrameLimits
    private let source: Source

    /// - Parameters:
    ///   - limits: the most that is taken.
    ///   - source: where the bytes come from.
    package init(limits: FrameLimits = FrameLimits(), source: @escaping Source) {
        self.limits = limits
        self.source = source
    }

    /// Reads the next frame's lengths, for whoever makes room before the frame itself is read.
    ///
    /// - Returns: `nil` where the stream ends before a frame.
    /// - Throws: ``WireFormatError``, for a stream that ends within the lengths, and for lengths above the
    ///   limits; what the source throws.
    package func header() throws -> FrameHeader? {
        let bytes = try take(FrameHeader.length)
        if bytes.isEmpty { return nil }
        guard bytes.count == FrameHeader.length else {
            throw Self.early(bytes.count, of: FrameHeader.length)
        }
        return try FrameHeader(bytes, limits: limits)
    }

    /// Reads what follows a header.
    ///
    /// - Throws: ``WireFormatError``, for a stream that ends before; what the source throws.
    package func body(of header: FrameHeader) throws -> Frame {
        let json = try take(header.jsonLength)
        let payload = try take(header.payloadLength)
        let expected = header.jsonLength + header.payloadLength
        guard json.count + payload.count == expected else {
            throw Self.early(json.count + payload.count, of: expected)
        }
        return Frame(json: json, payload: payload)
    }

    /// Reads the next frame; `nil` where the stream ends before one.
    ///
    /// - Throws: as ``header()`` and ``body(of:)``.
    package func next() throws -> Frame? {
        try header().map { try body(of: $0) }
    }

    /// As many bytes as are wanted, or fewer where the stream ends.
    private func take(_ count: Int) throws -> [UInt8] {
        var bytes: [UInt8] = []
        while bytes.count < count {
            let next = try source(min(count - bytes.count, Self.chunk))
            if next.isEmpty { break }
            bytes += next
        }
        return bytes
    }

    private static let chunk = 1 << 20

    private static func early(_ count: Int, of expected: Int) -> WireFormatError {
        WireFormatError(
            .invalidFrame,
            "The frames end in the middle of one, after \(count) of \(expected) bytes; let the program that sends "
                + "them announce as many as it sends, and look whether it ended early")
    }
}

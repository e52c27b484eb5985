/// A body of the Open Inference Protocol's binary tensor extension: JSON, then tensors' bytes one
/// after another.
package struct TensorBody: Sendable {
    /// The JSON at its beginning.
    package let header: ArraySlice<UInt8>
    private var rest: ArraySlice<UInt8>

    /// - Parameters:
    ///   - bytes: the whole body.
    ///   - headerLength: bytes of the JSON, as `Inference-Header-Content-Length` tells; `nil` where
    ///     all is JSON.
    /// - Throws: ``WireFormatError``, for a length that is not in the body.
    package init(_ bytes: [UInt8], headerLength: Int?) throws(WireFormatError) {
        let length = headerLength ?? bytes.count
        guard (0...bytes.count).contains(length) else {
            throw WireFormatError(
                .invalidTensor,
                "Inference-Header-Content-Length is \(length), but the body has \(bytes.count) bytes"
            )
        }
        header = bytes[..<length]
        rest = bytes[length...]
    }

    /// Takes the next tensor's bytes.
    ///
    /// - Parameter count: as the tensor's `binary_data_size` tells.
    /// - Throws: ``WireFormatError``, where fewer are left.
    package mutating func next(_ count: Int) throws(WireFormatError) -> ArraySlice<UInt8> {
        guard (0...rest.count).contains(count) else {
            throw WireFormatError(
                .invalidTensor,
                "binary_data_size is \(count), but \(rest.count) bytes of the body are left")
        }
        defer { rest = rest.dropFirst(count) }
        return rest.prefix(count)
    }

    /// Checks that all tensors were taken.
    ///
    /// - Throws: ``WireFormatError``, where bytes are left that belong to none.
    package func finish() throws(WireFormatError) {
        guard rest.isEmpty else {
            throw WireFormatError(
                .invalidTensor,
                "The body has \(rest.count) bytes after its tensors; does every input have its "
                    + "binary_data_size?")
        }
    }
}

/// A tensor of the type `BYTES`: each element a length of four bytes, the least first, and as many
/// bytes.
package enum BytesTensor {
    /// - Throws: ``WireFormatError``, for lengths that do not add up to the bytes.
    package static func elements(
        of bytes: ArraySlice<UInt8>
    ) throws(WireFormatError) -> [ArraySlice<UInt8>] {
        var elements: [ArraySlice<UInt8>] = []
        var rest = bytes
        while !rest.isEmpty {
            let length = rest.prefix(4).reversed().reduce(0) { $0 << 8 | Int($1) }
            guard rest.count >= 4, rest.count - 4 >= length else {
                throw WireFormatError(
                    .invalidTensor,
                    "A BYTES tensor ends within an element; each is a length of four bytes, the "
                        + "least first, and its bytes")
            }
            elements.append(rest.dropFirst(4).prefix(length))
            rest = rest.dropFirst(4 + length)
        }
        return elements
    }

    /// The bytes of a tensor with these elements.
    package static func bytes(of elements: some Sequence<some Collection<UInt8>>) -> [UInt8] {
        elements.flatMap { element in
            let length = UInt32(truncatingIfNeeded: element.count)
            return (0..<4).map { UInt8(truncatingIfNeeded: length >> (8 * $0)) } + element
        }
    }
}

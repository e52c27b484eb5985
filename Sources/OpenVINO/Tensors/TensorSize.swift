internal import COpenVINO

/// Checks on shapes, and their passage to C.
enum TensorSize {
    /// Stands in for the memory of tensors without elements, which is never touched.
    /// Unchecked: a constant address that nothing is read from or written to.
    nonisolated(unsafe) static let noMemory = UnsafeRawPointer(
        UnsafeMutableRawPointer.allocate(byteCount: 64, alignment: 64))

    /// The number of elements of a tensor.
    static func count(
        _ shape: [Int], _ operation: @autoclosure () -> String
    ) throws(OpenVINOError) -> Int {
        var count = 1
        for size in shape {
            guard size >= 0 else { throw .mismatch(operation(), "a size is negative") }
            // A zero must not hide that the others overflow: OpenVINO multiplies them too.
            let (product, overflow) = count.multipliedReportingOverflow(by: max(1, size))
            guard !overflow else { throw .mismatch(operation(), "the shape is too large") }
            count = product
        }
        return shape.contains(0) ? 0 : count
    }

    /// The number of bytes of a tensor; nil where the type has no fixed size.
    static func byteCount(
        _ type: ElementType, _ shape: [Int], _ operation: @autoclosure () -> String
    ) throws(OpenVINOError) -> Int? {
        let count = try count(shape, operation())
        guard let bits = type.bitWidth else { return nil }
        let (total, overflow) = count.multipliedReportingOverflow(by: bits)
        guard !overflow else { throw .mismatch(operation(), "the shape is too large") }
        return total / 8 + (total % 8 == 0 ? 0 : 1)
    }

    /// The shape as C takes it, valid during the call.
    static func withC(_ shape: [Int], _ body: (ov_shape_t) -> ov_status_e) -> ov_status_e {
        var sizes = shape.map(Int64.init)
        return sizes.withUnsafeMutableBufferPointer {
            body(ov_shape_t(rank: Int64($0.count), dims: $0.baseAddress))
        }
    }
}

extension OpenVINOError {
    /// A mistake that is found before OpenVINO is called.
    static func mismatch(_ operation: String, _ message: String) -> OpenVINOError {
        OpenVINOError(code: .parameterMismatch, operation: operation, message: message)
    }
}

internal import COpenVINO

/// A typed, shaped block of memory: what goes into a model and what comes out of it.
///
/// A tensor has its own memory, or borrows someone's and keeps that owner alive. Like an array held
/// by reference, it is changed in place through every reference to it, so it is not `Sendable`: a
/// new one can be sent to another task as a whole (``copy()`` makes one).
public final class Tensor {
    /// The only reference to the C object; freed in `deinit`.
    let pointer: OpaquePointer

    /// What owns the memory, where the C object does not.
    private let owner: AnyObject?

    /// Takes over a C object.
    init(owning pointer: OpaquePointer, keeping owner: AnyObject? = nil) {
        self.pointer = pointer
        self.owner = owner
    }

    /// A tensor with memory of its own, the contents of which are not defined yet.
    ///
    /// - Throws: ``OpenVINOError`` for a negative or impossibly large shape, and when the memory is
    ///   not to be had.
    public init(_ elementType: ElementType, shape: [Int]) throws(OpenVINOError) {
        let operation = "make a tensor of \(elementType) \(shape)"
        _ = try TensorSize.byteCount(elementType, shape, operation)
        pointer = try created(operation) { pointer in
            TensorSize.withC(shape) { ov_tensor_create(elementType.cValue, $0, &pointer) }
        }
        owner = nil
    }

    /// A tensor that uses memory of someone else's, without a copy.
    ///
    /// OpenVINO writes only to tensors that are given as outputs, so read-only memory (such as a
    /// file mapped for reading) may serve as input and as weights; writing through
    /// ``withMutableElements(as:_:)`` needs memory that may be written.
    ///
    /// - Parameters:
    ///   - memory: at least as many bytes as type and shape need, which stay where they are, and
    ///     valid, for as long as `owner` lives.
    ///   - elementType: what the memory holds.
    ///   - shape: outermost size first.
    ///   - owner: kept alive by the tensor, and by every model and request that uses it.
    /// - Throws: ``OpenVINOError`` with `.parameterMismatch` when the memory is too small.
    public init(
        memory: UnsafeRawBufferPointer, elementType: ElementType, shape: [Int],
        owner: some AnyObject & Sendable
    ) throws(OpenVINOError) {
        let operation = "make a tensor of \(elementType) \(shape) in \(memory.count) bytes"
        guard let needed = try TensorSize.byteCount(elementType, shape, operation) else {
            throw .mismatch(operation, "elements of type \(elementType) cannot lie in plain memory")
        }
        guard needed <= memory.count else {
            throw .mismatch(operation, "it needs \(needed) bytes")
        }
        // The C API takes no null pointer, even for a tensor of no elements.
        let base = UnsafeMutableRawPointer(mutating: memory.baseAddress ?? TensorSize.noMemory)
        pointer = try created(operation) { pointer in
            TensorSize.withC(shape) {
                ov_tensor_create_from_host_ptr(elementType.cValue, $0, base, &pointer)
            }
        }
        self.owner = owner
    }

    /// A tensor that uses memory of someone else's, without a copy, to be written as well as read.
    public convenience init(
        memory: UnsafeMutableRawBufferPointer, elementType: ElementType, shape: [Int],
        owner: some AnyObject & Sendable
    ) throws(OpenVINOError) {
        try self.init(
            memory: UnsafeRawBufferPointer(memory), elementType: elementType, shape: shape,
            owner: owner)
    }

    deinit {
        ov_tensor_free(pointer)
    }

    /// The sizes of the axes, outermost first; empty for a single number. An output of open shape
    /// has the shape of the last inference.
    public var shape: [Int] {
        var shape = ov_shape_t()
        // Fails only for a null pointer.
        guard ov_tensor_get_shape(pointer, &shape) == OK else { return [] }
        defer { ov_shape_free(&shape) }
        return UnsafeBufferPointer(start: shape.dims, count: Int(shape.rank)).map { Int($0) }
    }

    /// The type of the elements.
    public var elementType: ElementType {
        var type = DYNAMIC
        // Fails only for a null pointer.
        guard ov_tensor_get_element_type(pointer, &type) == OK else { return .dynamic }
        return ElementType(type)
    }

    /// The number of elements.
    public var count: Int {
        var count = 0
        return ov_tensor_get_size(pointer, &count) == OK ? count : 0
    }

    /// The size of the elements in memory.
    package var byteCount: Int {
        var count = 0
        return ov_tensor_get_byte_size(pointer, &count) == OK ? count : 0
    }

    /// Gives the tensor another shape of the same type. Memory of its own grows if it must, and its
    /// contents are then not defined; borrowed memory cannot grow.
    package func resize(to shape: [Int]) throws(OpenVINOError) {
        let operation = "resize a tensor of \(elementType) \(self.shape) to \(shape)"
        _ = try TensorSize.byteCount(elementType, shape, operation)
        try check(TensorSize.withC(shape) { ov_tensor_set_shape(pointer, $0) }, operation)
    }

    /// A tensor of some consecutive entries of the outermost axis, which shares this one's memory
    /// and keeps it alive: `try images.rows(2..<4)` are two of a batch.
    ///
    /// OpenVINO can move a tensor's memory: do not resize this tensor, or let an inference change its
    /// shape, while such a part is in use.
    package func rows(_ range: Range<Int>) throws(OpenVINOError) -> Tensor {
        let shape = self.shape
        let operation = "take rows \(range) of a tensor of \(elementType) \(shape)"
        guard let rows = shape.first, range.lowerBound >= 0, range.upperBound <= rows else {
            throw OpenVINOError(
                code: .outOfBounds, operation: operation, message: "it has not so many rows")
        }
        let stride = rows == 0 ? 0 : byteCount / rows
        guard stride * rows == byteCount else {
            throw .mismatch(operation, "its rows do not begin at whole bytes")
        }
        let memory = try self.memory(operation)
        let start = memory.baseAddress.map { UnsafeRawPointer($0) + range.lowerBound * stride }
        let base = UnsafeMutableRawPointer(mutating: start ?? TensorSize.noMemory)
        let part = try created(operation) { pointer in
            TensorSize.withC([range.count] + shape.dropFirst()) {
                ov_tensor_create_from_host_ptr(elementType.cValue, $0, base, &pointer)
            }
        }
        return Tensor(owning: part, keeping: self)
    }

    /// The memory of the elements, valid while the tensor lives and is not resized.
    func memory(_ operation: @autoclosure () -> String) throws(OpenVINOError)
        -> UnsafeMutableRawBufferPointer
    {
        guard elementType != .string else {
            throw .mismatch(operation(), "strings do not lie in plain memory")
        }
        let count = byteCount
        guard count > 0 else { return UnsafeMutableRawBufferPointer(start: nil, count: 0) }
        var base: UnsafeMutableRawPointer?
        try check(ov_tensor_data(pointer, &base), operation())
        return UnsafeMutableRawBufferPointer(start: base, count: base == nil ? 0 : count)
    }
}

extension Tensor: CustomStringConvertible {
    /// Type and shape, such as `f32 [1, 577, 768]`.
    public var description: String { "\(elementType) \(shape)" }
}

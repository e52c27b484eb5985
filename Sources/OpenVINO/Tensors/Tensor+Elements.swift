internal import COpenVINO

extension Tensor {
    /// A tensor with a copy of some elements, in row-major order.
    ///
    /// - Parameters:
    ///   - elements: in row-major order.
    ///   - shape: whose sizes multiply to the number of elements.
    public convenience init<Element: TensorElement>(
        _ elements: [Element], shape: [Int]
    ) throws(OpenVINOError) {
        let operation = "make a tensor of \(Element.elementType) \(shape)"
        let needed = try TensorSize.byteCount(Element.elementType, shape, operation)
        guard needed == elements.count * MemoryLayout<Element>.stride else {
            throw .mismatch(operation, "\(elements.count) elements were given")
        }
        try self.init(Element.elementType, shape: shape)
        let memory = try self.memory(operation)
        elements.withUnsafeBytes { memory.copyMemory(from: $0) }
    }

    /// A tensor of strings.
    package convenience init(strings: [String], shape: [Int]) throws(OpenVINOError) {
        let operation = "make a tensor of string \(shape)"
        guard try TensorSize.count(shape, operation) == strings.count else {
            throw .mismatch(operation, "\(strings.count) strings were given")
        }
        let copies = strings.map { Array($0.utf8CString) }
        let all = copies.flatMap { $0 }
        let pointer = try created(operation) { pointer in
            all.withUnsafeBufferPointer { characters in
                var offset = 0
                var pointers: [UnsafePointer<CChar>?] = copies.map { copy in
                    defer { offset += copy.count }
                    return characters.baseAddress.map { $0 + offset }
                }
                return TensorSize.withC(shape) {
                    ov_tensor_create_from_string_array(&pointers, pointers.count, $0, &pointer)
                }
            }
        }
        self.init(owning: pointer)
    }

    /// Gives the elements to read, without a copy, for the duration of the call.
    ///
    /// - Throws: ``OpenVINOError`` with `.parameterMismatch` when the tensor is of another type than
    ///   `Element`, and what `body` throws.
    public func withElements<Element: TensorElement, Result>(
        as type: Element.Type = Element.self,
        _ body: (UnsafeBufferPointer<Element>) throws -> Result
    ) throws -> Result {
        let elements = try bound(to: type)
        return try withExtendedLifetime(self) { try body(UnsafeBufferPointer(elements)) }
    }

    /// Gives the elements to read and write, without a copy, for the duration of the call.
    public func withMutableElements<Element: TensorElement, Result>(
        as type: Element.Type = Element.self,
        _ body: (UnsafeMutableBufferPointer<Element>) throws -> Result
    ) throws -> Result {
        let elements = try bound(to: type)
        return try withExtendedLifetime(self) { try body(elements) }
    }

    /// Gives the memory to read, without a copy, for the duration of the call. Elements of less than
    /// a byte are packed.
    package func withUnsafeBytes<Result>(
        _ body: (UnsafeRawBufferPointer) throws -> Result
    ) throws -> Result {
        let memory = try self.memory("reach the memory of a tensor of \(self)")
        return try withExtendedLifetime(self) { try body(UnsafeRawBufferPointer(memory)) }
    }

    /// Gives the memory to read and write, without a copy, for the duration of the call.
    package func withUnsafeMutableBytes<Result>(
        _ body: (UnsafeMutableRawBufferPointer) throws -> Result
    ) throws -> Result {
        let memory = try self.memory("reach the memory of a tensor of \(self)")
        return try withExtendedLifetime(self) { try body(memory) }
    }

    /// A copy of the elements, in row-major order.
    public func array<Element: TensorElement>(
        of type: Element.Type = Element.self
    ) throws(OpenVINOError) -> [Element] {
        let elements = try bound(to: type)
        return withExtendedLifetime(self) { Array(elements) }
    }

    /// A tensor with a copy of the elements in memory of its own.
    public func copy() throws(OpenVINOError) -> sending Tensor {
        let operation = "copy a tensor of \(self)"
        let source = try memory(operation)
        // Unchecked: nothing else refers to the new tensor, though the compiler takes the copying of
        // bytes for a link between the two.
        nonisolated(unsafe) let copy = try Tensor(elementType, shape: shape)
        try copy.memory(operation).copyMemory(from: UnsafeRawBufferPointer(source))
        withExtendedLifetime(self) {}
        return copy
    }

    private func bound<Element: TensorElement>(
        to type: Element.Type
    ) throws(OpenVINOError) -> UnsafeMutableBufferPointer<Element> {
        let operation = "view a tensor of \(self) as \(Element.elementType)"
        guard elementType == Element.elementType else {
            throw .mismatch(operation, "the types differ")
        }
        let memory = try self.memory(operation)
        // Borrowed memory begins wherever its owner says.
        let address = UInt(bitPattern: memory.baseAddress)
        guard address.isMultiple(of: UInt(MemoryLayout<Element>.alignment)) else {
            throw .mismatch(operation, "its memory is not aligned for that; read its bytes instead")
        }
        return memory.bindMemory(to: type)
    }
}

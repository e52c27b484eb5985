import Foundation
import OpenVINO
import Synchronization
import Testing

/// Memory that counts how often it was released.
private final class Block: Sendable {
    /// Unchecked: set once; tests write through it only before anyone reads.
    nonisolated(unsafe) let bytes: UnsafeMutableRawBufferPointer
    private let released: Counter

    init(_ elements: [Float], counting released: Counter) {
        self.released = released
        bytes = .allocate(byteCount: elements.count * 4, alignment: 64)
        elements.withUnsafeBytes { bytes.copyMemory(from: $0) }
    }

    deinit {
        // What still reads this shows in the results.
        for index in bytes.indices { bytes[index] = 0xFF }
        bytes.deallocate()
        released.increment()
    }
}

private final class Counter: Sendable {
    private let count = Mutex(0)
    var value: Int { count.withLock { $0 } }
    func increment() { count.withLock { $0 += 1 } }
}

@Suite struct LifetimeTests {
    private func borrowed(_ elements: [Float], _ counter: Counter, _ type: ElementType = .f32)
        throws -> Tensor
    {
        let block = Block(elements, counting: counter)
        let count = type == .u8 ? block.bytes.count : elements.count
        return try Tensor(memory: block.bytes, elementType: type, shape: [count], owner: block)
    }

    @Test func tensorKeepsItsMemory() throws {
        let counter = Counter()
        var tensor: Tensor? = try borrowed([1, 2, 3, 4], counter)
        #expect(counter.value == 0)
        #expect(try tensor?.array(of: Float.self) == [1, 2, 3, 4])
        var rows = try tensor?.rows(1..<2)
        tensor = nil
        #expect(counter.value == 0)
        #expect(try rows?.array(of: Float.self) == [2])
        rows = nil
        #expect(counter.value == 1)
    }

    @Test func modelsKeepTheirWeights() throws {
        let counter = Counter()
        var weights: Tensor? = try borrowed([10, 20, 30, 40], counter, .u8)
        var model: Model? = try Core.shared.readModel(xml: SmallModels.add, weights: weights)
        weights = nil
        #expect(counter.value == 0)
        var compiled: CompiledModel? = try model.map {
            try Core.shared.compile($0, for: "CPU", properties: [.inferencePrecision(.f32)])
        }
        model = nil
        #expect(counter.value == 0)
        var request: InferRequest? = try compiled?.makeInferRequest()
        compiled = nil
        #expect(counter.value == 0)
        try request?.setInput("x", Tensor([1, 2, 3, 4] as [Float], shape: [1, 4]))
        try request?.infer()
        var sum = try request?.output("sum")
        request = nil
        #expect(try sum?.array(of: Float.self) == [11, 22, 33, 44])
        sum = nil
        #expect(counter.value == 1)
    }

    @Test func requestKeepsItsInputs() throws {
        let counter = Counter()
        var request: InferRequest? = try compiledAdd().makeInferRequest()
        let block = { try self.borrowed([1, 2, 3, 4], counter) }
        try request?.setInput("x", self.asRow(block()))
        #expect(counter.value == 0)
        try request?.infer()
        #expect(try request?.output("sum").array(of: Float.self) == [11, 22, 33, 44])
        try request?.setInput("x", Tensor([0, 0, 0, 0] as [Float], shape: [1, 4]))
        #expect(counter.value == 1)
        try request?.setInput("x", self.asRow(block()))
        request = nil
        #expect(counter.value == 2)
    }

    /// The same memory as [1, n].
    private func asRow(_ tensor: Tensor) throws -> Tensor {
        try tensor.resize(to: [1, tensor.count])
        return tensor
    }

    @Test func borrowedMemoryIsChecked() throws {
        let counter = Counter()
        let block = Block([1, 2], counting: counter)
        func tensor(_ type: ElementType, _ shape: [Int], from offset: Int = 0) throws -> Tensor {
            try Tensor(
                memory: UnsafeRawBufferPointer(rebasing: block.bytes[offset...]),
                elementType: type, shape: shape, owner: block)
        }
        #expect(throws: OpenVINOError.self) { try tensor(.f32, [3]) }
        #expect(throws: OpenVINOError.self) { try tensor(.string, [1]) }
        #expect(throws: OpenVINOError.self) { try tensor(.f32, [2]).resize(to: [3]) }
        // A number that begins at an odd byte: only its bytes can be read.
        let odd = try tensor(.f32, [1], from: 1)
        #expect(throws: OpenVINOError.self) { try odd.array(of: Float.self) }
        #expect(try odd.withUnsafeBytes { $0.count } == 4)
        #expect(try tensor(.f32, [0], from: 8).count == 0)
    }

    #if os(Linux)
        /// In a process of its own: what other suites take meanwhile must not count.
        @Test func memoryStaysFlat() async {
            await #expect(processExitsWith: .success) {
                let compiled = try compiledAdd()
                func run(_ count: Int) async throws {
                    let request = try compiled.makeInferRequest()
                    for round in 0..<count {
                        let rows = round % 7 + 1
                        try request.setInput(
                            "x", Tensor([Float](repeating: 1, count: rows * 4), shape: [rows, 4]))
                        if round.isMultiple(of: 4) {
                            try await request.inferAsynchronously()
                        } else {
                            try request.infer()
                        }
                        #expect(try request.output("sum").byteCount == rows * 16)
                        // A failure must leak nothing either.
                        _ = try? request.setInput("x", Tensor(.i64, shape: [1, 4]))
                        _ = try? compiled.property("NO_SUCH_PROPERTY")
                    }
                }
                try await run(500)
                var growth = Int.max
                // What is taken once and kept, such as another thread's share, or code that had not
                // run yet, may come at any time, and is no leak: that grows each time.
                for _ in 0..<3 {
                    let before = try residentBytes()
                    try await run(2_000)
                    growth = try min(growth, residentBytes() - before)
                    if growth < 1 << 20 { break }
                }
                // A leak of 1 KB an inference would be twice this.
                // A trap, not an expectation: what fails in a child must show in its exit.
                precondition(growth < 1 << 20, "grew by \(growth) bytes")
            }
        }
    #endif
}

#if os(Linux)
    /// Bytes of memory that the process has resident.
    private func residentBytes() throws -> Int {
        let text = try String(contentsOfFile: "/proc/self/statm", encoding: .utf8)
        return try #require(Int(text.split(separator: " ")[1])) * 4096
    }
#endif

@testable import BlipCheckpoint

/// Writes pickles instruction by instruction.
enum Assemble {
    static func op(_ opcode: PickleOpcode, _ operand: [UInt8] = []) -> [UInt8] {
        [opcode.rawValue] + operand
    }

    static func text(_ text: String) -> [UInt8] {
        op(.binUnicode, UInt32(text.utf8.count).bytes + text.utf8)
    }

    static func int(_ value: Int) -> [UInt8] {
        op(.long1, [8] + Int64(value).bytes)
    }

    static func name(_ module: String, _ name: String) -> [UInt8] {
        op(.global, Array("\(module)\n\(name)\n".utf8))
    }

    static func tuple(_ items: [[UInt8]]) -> [UInt8] {
        op(.mark) + items.flatMap { $0 } + op(.tuple)
    }

    static func ints(_ values: [Int]) -> [UInt8] {
        tuple(values.map(int))
    }

    static func call(_ module: String, _ function: String, _ arguments: [[UInt8]]) -> [UInt8] {
        name(module, function) + tuple(arguments) + op(.reduce)
    }

    static func storage(
        _ key: String = "0", _ type: String = "FloatStorage", count: Int
    ) -> [UInt8] {
        tuple([text("storage"), name("torch", type), text(key), text("cpu"), int(count)])
            + op(.binPersID)
    }

    static func tensor(
        _ storage: [UInt8], offset: Int = 0, shape: [Int], strides: [Int]
    ) -> [UInt8] {
        call(
            "torch._utils", "_rebuild_tensor_v2",
            [
                storage, int(offset), ints(shape), ints(strides), op(.newFalse),
                call("collections", "OrderedDict", []),
            ])
    }

    static func dictionary(_ members: [(String, [UInt8])]) -> [UInt8] {
        op(.emptyDict) + op(.mark) + members.flatMap { text($0.0) + $0.1 } + op(.setItems)
    }

    /// A whole pickle.
    static func pickle(_ body: [UInt8]) -> [UInt8] {
        op(.proto, [2]) + body + op(.stop)
    }

    /// A pickle of a dictionary with the tensor `t`.
    static func one(_ tensor: [UInt8]) -> [UInt8] {
        pickle(dictionary([("t", tensor)]))
    }
}

/// Unpickles, and takes the tensors out.
@discardableResult
func unpickle(
    _ bytes: [UInt8], limits: Unpickler.Limits = .init()
) throws -> StateDictionary {
    try bytes.withUnsafeBytes {
        let pickle = try Unpickler.load(ByteView($0), limits: limits, file: "p.bin")
        return try StateDictionary(pickle, file: "p.bin")
    }
}

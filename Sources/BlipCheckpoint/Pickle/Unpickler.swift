/// A pickle machine that only builds data.
///
/// Python's pickle is a program that can call anything. This machine has no means to: it carries
/// out the instructions that `torch.save` writes, knows the few names of ``AllowedName``, and
/// refuses everything else by name. Stack, memo, nesting and values are bounded.
struct Unpickler {
    /// What a pickle may use. The standard is a hundred times what BLIP's do, and some 100 MB of
    /// memory at most.
    struct Limits {
        var bytes = 64 << 20
        var values = 1 << 18
        var items = 1 << 20
        var marks = 256
    }

    static let maximumNameLength = 256
    /// PyTorch's own bound on dimensions.
    static let maximumRank = 64

    let bytes: ByteView
    let file: String
    let limits: Limits
    let start: Int
    var position: Int
    var heap = PickleHeap()
    var stack: [PickleValue] = []
    /// Sizes of the stack at each open MARK.
    var marks: [Int] = []
    var memo: [Int: PickleValue] = [:]
    var itemCount = 0

    /// Reads the pickle that begins at `position`.
    static func load(
        _ bytes: ByteView, at position: Int = 0, limits: Limits = Limits(), file: String
    ) throws(CheckpointError) -> Pickle {
        var machine = Self(
            bytes: bytes, file: file, limits: limits, start: position, position: position)
        return try machine.run()
    }

    private mutating func run() throws(CheckpointError) -> Pickle {
        while true {
            let byte: UInt8 = try operand()
            guard let opcode = PickleOpcode(rawValue: byte) else {
                throw invalid("the byte 0x\(String(byte, radix: 16)), which is no instruction")
            }
            if opcode == .stop {
                let root = try pop()
                guard stack.isEmpty, marks.isEmpty else {
                    throw invalid("values left over at its end")
                }
                return Pickle(root: root, heap: heap, end: position)
            }
            try execute(opcode)
            guard position - start <= limits.bytes else { throw tooLarge("bytes", limits.bytes) }
        }
    }

    private mutating func execute(_ opcode: PickleOpcode) throws(CheckpointError) {
        switch opcode {
        case .proto, .frame: try readEnvelope(opcode)
        case .none: try push(.none)
        case .newTrue: try push(.bool(true))
        case .newFalse: try push(.bool(false))
        case .binInt, .binInt1, .binInt2, .long1, .long4, .binFloat: try pushNumber(opcode)
        case .binUnicode, .binUnicode8, .shortBinUnicode, .binString, .shortBinString:
            try pushString(opcode)
        case .binBytes, .shortBinBytes, .binBytes8, .byteArray8: try skipBytes(opcode)
        case .mark: try openMark()
        case .pop: try popOrUnmark()
        case .popMark: _ = try popToMark()
        case .dup: try push(try top())
        case .emptyTuple: try pushContainer(.tuple, [])
        case .emptyList: try pushContainer(.list, [])
        case .emptyDict: try pushContainer(.dictionary, [])
        case .tuple: try pushContainer(.tuple, try popToMark())
        case .tuple1: try pushContainer(.tuple, try pop(1))
        case .tuple2: try pushContainer(.tuple, try pop(2))
        case .tuple3: try pushContainer(.tuple, try pop(3))
        case .append: try extend(.list, with: try pop(1))
        case .appends: try extend(.list, with: try popToMark())
        case .setItem: try extend(.dictionary, with: try pop(2))
        case .setItems: try extend(.dictionary, with: try popToMark())
        case .binPut: try remember(at: Int(try operand() as UInt8))
        case .longBinPut: try remember(at: Int(try operand() as UInt32))
        case .memoize: try remember(at: memo.count)
        case .binGet: try recall(Int(try operand() as UInt8))
        case .longBinGet: try recall(Int(try operand() as UInt32))
        case .global: try pushName(module: try line(), name: try line())
        case .stackGlobal: try pushComputedName()
        case .reduce: try reduce()
        case .build: try build()
        case .binPersID: try pushStorage()
        default: throw try refusal(of: opcode)
        }
    }

    private mutating func refusal(
        of opcode: PickleOpcode
    ) throws(CheckpointError) -> CheckpointError {
        var instruction = opcode.name
        if opcode == .inst {
            // It names what it would call.
            instruction += " \(try line()).\(try line())"
        }
        return CheckpointError(
            .pickleForbiddenOpcode, file: file,
            "its pickle uses the instruction \(instruction.quotable), which no dictionary of"
                + " tensors needs",
            remedy: Remedy.untrusted)
    }
}

extension Unpickler {
    func invalid(_ what: String) -> CheckpointError {
        CheckpointError(
            .pickleInvalid, file: file,
            "its pickle has \(what) (before byte \(position.grouped))")
    }

    func tooLarge(_ what: String, _ limit: Int) -> CheckpointError {
        CheckpointError(
            .pickleTooLarge, file: file,
            "its pickle has more than \(limit.grouped) \(what), which no checkpoint needs",
            remedy: Remedy.untrusted)
    }
}

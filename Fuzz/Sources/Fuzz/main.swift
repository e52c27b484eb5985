import CLibFuzzer

@testable import BLIP
@testable import BlipCheckpoint
@testable import BlipEvaluation
@testable import BlipWireFormats
@testable import ModelGraph

#if canImport(BlipMQTT)
    @testable import BlipMQTT
#endif

// `Fuzz NAME ARGUMENTS...`: the arguments are libFuzzer's.
//
// (A main of its own, since SwiftPM gives an executable's main another name, which libFuzzer's does
// not have.)

typealias Target = @convention(c) (UnsafePointer<UInt8>?, Int) -> CInt

/// An error is a good answer; accepting what lies outside the bytes, or breaks a type's promise, is
/// not.
func check(_ isSound: Bool?) -> CInt {
    if isSound == false { fatalError("accepted what is unsound") }
    return 0
}

func buffer(_ start: UnsafePointer<UInt8>?, _ count: Int) -> UnsafeRawBufferPointer {
    UnsafeRawBufferPointer(start: start, count: count)
}

/// The first line is the form's Content-Type, the rest its body.
func form(_ bytes: UnsafeRawBufferPointer) throws -> Bool {
    let type = bytes.prefix { $0 != 10 }
    let body = Array(bytes.dropFirst(type.count + 1))
    let form = try MultipartForm(body, contentType: String(decoding: type, as: UTF8.self))
    return form.parts.reduce(0) { $0 + $1.bytes.count } <= body.count
}

/// A stream of frames, which are written as they were read.
func frames(_ bytes: UnsafeRawBufferPointer) -> Bool { FrameFuzzTarget.frames(Array(bytes)) }

/// The first two bytes are the length of the JSON, the next two that of the first tensor.
func tensors(_ bytes: UnsafeRawBufferPointer) throws -> Bool {
    let lengths = bytes.prefix(4).map(Int.init) + [0, 0, 0, 0]
    var body = try TensorBody(
        Array(bytes.dropFirst(4)), headerLength: lengths[0] << 8 | lengths[1])
    let tensor = try body.next(lengths[2] << 8 | lengths[3])
    let elements = try BytesTensor.elements(of: tensor)
    return BytesTensor.bytes(of: elements) == Array(tensor)
}

/// What was read is written in a form that is read as the same.
func graph(_ bytes: UnsafeRawBufferPointer) throws -> Bool {
    func written(_ text: String) throws -> String {
        let graph = try Graph(reading: text)
        try graph.apply([Nothing()])
        return graph.ir { constant in
            if case .inBlob(let offset, _) = constant.bytes { offset } else { 0 }
        }
    }
    let text = try written(String(decoding: bytes, as: UTF8.self))
    return try written(text) == text
}

struct Nothing: GraphPass {
    func run(on graph: Graph) {}
}

#if canImport(BlipMQTT)
    let packets: [String: Target] = [
        "Packets": { check(PacketFuzzTarget.isSound(buffer($0, $1))) }
    ]
#else
    let packets: [String: Target] = [:]
#endif

let targets: [String: Target] = [
    "Safetensors": { check(try? FuzzTarget.safetensors(buffer($0, $1))) },
    "ShardIndex": { check(try? FuzzTarget.shardIndex(buffer($0, $1))) },
    "Zip": { check(try? FuzzTarget.zipDirectory(buffer($0, $1))) },
    "Pickle": { check(try? FuzzTarget.pickle(buffer($0, $1))) },
    "Form": { check(try? form(buffer($0, $1))) },
    "Tensors": { check(try? tensors(buffer($0, $1))) },
    "Frames": { check(frames(buffer($0, $1))) },
    "Weights": { check(try? FuzzTarget.weights(buffer($0, $1))) },
    "Graph": { check(try? graph(buffer($0, $1))) },
    "Captions": { check(try? AnnotationFuzzTarget.captions(buffer($0, $1))) },
    "KeptImage": { check(try? KeptImageFuzzTarget.isSound(buffer($0, $1))) },
    "Questions": { check(try? AnnotationFuzzTarget.questions(buffer($0, $1))) },
].merging(packets) { $1 }

guard CommandLine.arguments.count > 1, let target = targets[CommandLine.arguments[1]] else {
    print("usage: Fuzz \(targets.keys.sorted().joined(separator: "|")) [libFuzzer's arguments]")
    fatalError("no such target")
}
var count = CommandLine.argc - 1
var arguments = CommandLine.unsafeArgv + 1
withUnsafeMutablePointer(to: &arguments) { arguments in
    // The same pointer, as C's headers write it.
    arguments.withMemoryRebound(
        to: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?.self, capacity: 1
    ) { _ = LLVMFuzzerRunDriver(&count, $0, target) }
}

import ModelGraph

/// What OpenVINO's plugins for GPUs and NPUs take: a graph of fixed shapes has nothing else.
///
/// Sources, for OpenVINO 2026.4: `intel_gpu/plugin/primitives_list.hpp` of openvinotoolkit/openvino, and the
/// dispatch table of `vpux_compiler/src/frontend/IE.cpp` of openvinotoolkit/npu_compiler. Of what both have, these
/// are the operations that BLIP's graphs are made of.
enum AcceleratorOperations {
    static let types: Set<String> = [
        "Parameter", "Const", "Result", "Convert",
        "Add", "Multiply", "MatMul", "Convolution", "FakeQuantize",
        "Gather", "Reshape", "Transpose", "Concat", "Broadcast",
        "SoftMax", "MVN", "NormalizeL2",
        "Gelu", "ReLU", "Sigmoid", "Swish", "HSwish", "Mish", "Tanh", "Clamp",
        "ReduceMax", "ReduceMin", "ReduceMean",
    ]

    static let scalarTypes: Set<ScalarType> = [.f32, .f16, .i64, .i32, .i8, .i4, .u8]

    /// Why a device might refuse a graph, or compute it wrongly at f16; empty where it has no reason.
    static func objections(to graph: Graph) -> [String] {
        graph.operations.flatMap { node -> [String] in
            var found: [String] = []
            if !types.contains(node.type) { found.append("\(node.name) is a \(node.type)") }
            for value in node.outputs {
                let count = value.shape.elementCount ?? 0
                if count < 1 { found.append("\(node.name) has the shape \(value.shape)") }
                if !scalarTypes.contains(value.scalarType) {
                    found.append("\(node.name) is of \(value.scalarType)")
                }
            }
            if let number = node.constant?.literalFloats.first(where: { !$0.isSafeAsHalf }) {
                found.append("\(node.name) has \(number), which f16 has not")
            }
            return found
        }
    }
}

extension Constant {
    /// The numbers of a literal of f32.
    fileprivate var literalFloats: [Float] {
        guard scalarType == .f32, case .literal(let bytes) = bytes else { return [] }
        return bytes.withUnsafeBytes { bytes in
            stride(from: 0, to: bytes.count / 4 * 4, by: 4).map {
                bytes.loadUnaligned(fromByteOffset: $0, as: Float.self)
            }
        }
    }
}

extension Float {
    /// Whether it becomes no infinity at f16, with as much again to spare, and no zero.
    fileprivate var isSafeAsHalf: Bool {
        self == 0 || (magnitude <= 65_504 / 3 && magnitude >= 0x1p-24)
    }
}

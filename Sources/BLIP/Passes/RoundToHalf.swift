import ModelGraph

/// Rounds what operations compute to f16's 11 bits, and bounds it by f16's largest number, so that a processor shows
/// what a device makes of a model that computes in f16.
///
/// A conversion to f16 and back would say so too, but OpenVINO's plugin for processors takes it out. Numbers below
/// 2⁻¹⁴, which f16 has fewer bits for, keep theirs; sums within a product are not rounded, as they are not on devices
/// that sum in f32.
///
/// Rounding is Veltkamp's (1968): `c - (c - x)` of `c = (2¹³ + 1)·x` has the upper 11 of x's 24 bits.
struct RoundToHalf: GraphPass {
    static let largest: Float = 65_504

    func run(on graph: Graph) throws {
        for node in graph.operations where Self.rounds(node) {
            for x in node.outputs where x.scalarType == .f32 {
                let rounded = try graph.scope(of: node) {
                    let x = x.clamped(to: -Self.largest...Self.largest)
                    let c = try x.scaled(by: 8_193)
                    return try c.subtracting(c.subtracting(x))
                }
                x.replaceUses(with: rounded)
            }
        }
    }

    /// What only moves numbers has rounded ones already.
    private static func rounds(_ node: GraphNode) -> Bool {
        ObserveMagnitudes.computing.contains(node.type) || node.type == "Parameter"
            || node.type == "Const" && node.constant?.shape.rank ?? 0 > 0
    }
}

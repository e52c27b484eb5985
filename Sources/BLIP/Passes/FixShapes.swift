package import BlipCheckpoint
package import ModelGraph

/// Gives a part's graph the shapes of one set of sizes, for devices that want them known: none is left open.
///
/// What runs it pads its inputs, and leaves the padding out by masks.
package struct FixShapes: GraphPass {
    let part: ModelPart
    let sizes: PartSizes
    /// Where the weights lie.
    let region: WeightRegion

    package init(_ part: ModelPart, _ sizes: PartSizes, region: WeightRegion) {
        self.part = part
        self.sizes = sizes
        self.region = region
    }

    package func run(on graph: Graph) throws {
        var shapes: [String: Shape] = [:]
        for (name, input) in graph.inputs {
            shapes[name] = sizes.shape(of: name, like: input.shape, in: part)
        }
        let region = region
        try graph.fixShapes(of: shapes) { constant in
            (try? constant.bytes.data(in: region.base)).map { Array($0) }
        }
    }
}

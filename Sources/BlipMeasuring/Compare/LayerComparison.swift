import BLIP
import BlipCommandSupport
import BlipPictures
import Foundation

/// How alike the states of two forms of a model are, layer by layer: the cosine of each token's
/// vectors, over all tokens of all pictures; of pictures of two sizes, whose patches are others, of the class token's
/// alone.
struct LayerComparison: Sendable {
    struct Layer: Sendable {
        /// `layer.0` and so on, `image_embeddings`, `image_projection`.
        let name: String
        var cosines = CosineRange()
    }

    private(set) var layers: [Layer]
    /// Of the image embeddings of each picture, the mean over its tokens.
    private(set) var byPicture: [String: Double] = [:]

    /// Runs the vision models of both, a picture at a time, so that nothing needs to be kept.
    init(_ a: ModelForm, _ b: ModelForm, over inputs: [ImageInput]) async throws {
        let models = try (
            BlipModel(folder: a.folder, options: a.options),
            BlipModel(folder: b.folder, options: b.options)
        )
        let vision = models.0.configuration.vision
        layers = (0..<vision.layerCount).map { Layer(name: "layer.\($0)") }
        layers.append(Layer(name: "image_embeddings"))
        var bar = ProgressBar(total: inputs.count)
        for input in inputs {
            try Task.checkCancellation()
            let picture = try input.load()
            let states = try await (
                models.0.hiddenStates(of: picture), models.1.hiddenStates(of: picture)
            )
            for (index, (first, second)) in zip(states.0, states.1).enumerated() {
                let shared = first.count == second.count ? first.count : vision.hiddenSize
                let cosines = CosineRange(
                    Array(first.prefix(shared)), Array(second.prefix(shared)),
                    width: vision.hiddenSize)
                layers[index].cosines.add(cosines)
                byPicture[input.name] = cosines.mean
            }
            bar.advance()
        }
    }

    /// Adds the pictures' vectors in the space shared with texts, where both forms have them.
    mutating func addVectors(_ pairs: [(a: ModelForm.Said, b: ModelForm.Said)]) {
        var layer = Layer(name: "image_projection")
        for (a, b) in pairs {
            guard let a = a.vector, let b = b.vector else { continue }
            layer.cosines.add(CosineRange(a, b, width: a.count))
        }
        if layer.cosines.count > 0 { layers.append(layer) }
    }

    /// How far the layers are apart, for a plot.
    var plot: LinePlot {
        let numbered = layers.filter { $0.name != "image_projection" }.enumerated()
        let line = { (name: String, value: KeyPath<CosineRange, Double>) in
            LinePlot.Line(
                name: name,
                points: numbered.map {
                    .init(
                        x: Double($0.offset), y: 1 - $0.element.cosines[keyPath: value]
                    )
                })
        }
        return LinePlot(
            title: "Distance by layer", xLabel: "layer; last the image embeddings",
            yLabel: "1 − cosine",
            lines: [line("mean", \.mean), line("furthest token", \.lowest)],
            yScale: .logarithmic)
    }
}

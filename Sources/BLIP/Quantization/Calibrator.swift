import Foundation
import OpenVINO
import Pictures

/// Runs the vision model over pictures to learn how its activations are rounded.
struct Calibrator {
    let factory: GraphFactory
    let checkpoint: URL
    let maximumDrop: Double
    let progress: (CalibrationProgress) -> Void

    /// Pictures that candidates are compared on: each costs inferences, and embeddings in memory.
    private static let comparedPictures = 24

    /// What is known of a picture that candidates are compared on.
    struct Sample {
        let pixels: Tensor
        /// At f32.
        let embeddings: [Float]
    }

    func calibration(on pictures: [URL]) throws -> Calibration {
        try require(pictures.count, of: pictures)
        let preprocessing = try PixelPreprocessing(
            folder: checkpoint.isFolder ? checkpoint : checkpoint.deletingLastPathComponent(),
            imageSize: factory.configuration.vision.imageSize)
        let model = try VisionProbe(factory, inputs: .observed)
        var extremes = Extremes()
        var samples: [Sample] = []
        var count = 0
        let stride = max(1, pictures.count / Self.comparedPictures)
        for picture in pictures {
            try Task.checkCancellation()
            guard let pixels = pixels(of: picture, preprocessing) else { continue }
            let outputs = try model.outputs(of: pixels)
            extremes.include(outputs)
            if count.isMultiple(of: stride), samples.count < Self.comparedPictures {
                samples.append(
                    Sample(pixels: pixels, embeddings: outputs[PortName.imageEmbeddings] ?? []))
            }
            count += 1
            progress(.picture(count))
        }
        try require(count, of: pictures)
        let inputs = try narrowed(extremes.inputs(weightsOf: factory.source), on: samples)
        return try LayerWidening(factory: factory, samples: samples, progress: progress)
            .calibration(of: inputs, pictureCount: count, maximumDrop: maximumDrop)
    }

    private func require(_ count: Int, of pictures: [URL]) throws(BlipError) {
        let least = BlipConverter.fewestCalibrationPictures
        guard count < least else { return }
        let folder = pictures.first?.deletingLastPathComponent().path ?? "the folder"
        throw BlipError(
            .invalidOption,
            "Calibrating needs \(least) usable pictures or more, and \(folder) has \(count); give "
                + "100 to 300 that are like those that the model will see")
    }

    /// The picture as the model sees it; `nil` for one that says nothing.
    private func pixels(of picture: URL, _ preprocessing: PixelPreprocessing) -> Tensor? {
        do {
            let pixels = try preprocessing.pixelValues(of: Picture(contentsOf: picture))
            let plane = pixels.height * pixels.width
            let isBlank = (0..<3).allSatisfy { channel in
                let values = pixels.values[channel * plane..<(channel + 1) * plane]
                return values.allSatisfy { $0 == values.first }
            }
            guard !isBlank else {
                progress(.skipped(picture, "\(picture.path) is of one colour, and is left out"))
                return nil
            }
            return try Tensor(pixels.values, shape: [1, 3, pixels.height, pixels.width])
        } catch {
            progress(.skipped(picture, "\(error)"))
            return nil
        }
    }

    /// Each input's range, narrowed to the share that rounds with the least error.
    private func narrowed(
        _ inputs: [String: QuantizedInput], on samples: [Sample]
    ) throws -> [String: QuantizedInput] {
        let model = try VisionProbe(factory, inputs: .compared(inputs))
        var errors: [String: [Float]] = [:]
        for sample in samples {
            try Task.checkCancellation()
            let outputs = try model.outputs(of: sample.pixels)
            for path in inputs.keys {
                errors[path] = zip(outputs["\(path).errors"] ?? [], errors[path] ?? zeros).map(+)
            }
        }
        return inputs.reduce(into: [:]) { narrowed, entry in
            let (path, input) = entry
            let best = zip(errors[path] ?? [], ProductInputs.shares).min { $0.0 < $1.0 }
            narrowed[path] = input.narrowed(to: best?.1 ?? 1)
        }
    }

    private var zeros: [Float] { ProductInputs.shares.map { _ in 0 } }
}

/// The least and greatest activation of each channel, over pictures, of each product's input.
struct Extremes {
    private var lowest: [String: [Float]] = [:]
    private var highest: [String: [Float]] = [:]

    /// - Parameter outputs: of a graph whose inputs are ``ProductInputs/observed``.
    mutating func include(_ outputs: [String: [Float]]) {
        for (name, values) in outputs {
            if name.hasSuffix(".lowest") {
                lowest.merge([String(name.dropLast(7)): values]) { zip($0, $1).map(min) }
            } else if name.hasSuffix(".highest") {
                highest.merge([String(name.dropLast(8)): values]) { zip($0, $1).map(max) }
            }
        }
    }

    func inputs(weightsOf source: TensorSource) throws -> [String: QuantizedInput] {
        try lowest.reduce(into: [:]) { inputs, entry in
            guard let tensor = source.entry("\(entry.key).weight") else { return }
            let columns = entry.value.count
            var largest = [Float](repeating: 0, count: columns)
            for (index, weight) in try source.checkpoint.floats(tensor.name).enumerated() {
                let column = index % columns
                largest[column] = max(largest[column], weight.magnitude)
            }
            inputs[entry.key] = QuantizedInput(
                lowest: entry.value, highest: highest[entry.key] ?? [], weights: largest)
        }
    }
}

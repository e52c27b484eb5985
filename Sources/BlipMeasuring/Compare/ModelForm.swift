package import BLIP
package import BlipCommandSupport
package import Foundation
import OpenVINO

/// One of the two forms of a model that are compared, and what it is asked.
package struct ModelForm: Sendable {
    /// As it was typed.
    let name: String
    package let folder: URL
    let options: RuntimeOptions
    let questions: [String]
    /// What pictures are matched with.
    let texts: [String]
    let generation: GenerationOptions
    let run: RunOptions
    /// Captions, answers or matches, or their beams, that run together; `nil` for as many as suit the model.
    let batch: Int?

    package init(
        name: String, folder: URL, options: RuntimeOptions, questions: [String], texts: [String],
        generation: GenerationOptions, run: RunOptions, batch: Int?
    ) {
        self.name = name
        self.folder = folder
        self.options = options
        self.questions = questions
        self.texts = texts
        self.generation = generation
        self.run = run
        self.batch = batch
    }

    /// What it said of one picture.
    struct Said: Sendable {
        var caption: GeneratedText?
        /// In the questions' order.
        var answers: [GeneratedText] = []
        /// In the texts' order.
        var matches: [Match] = []
        /// The picture's vector in the space shared with texts.
        var vector: [Float]?
        /// Of encoding the picture, and of the caption.
        var timings = StageTimings()
    }

    /// What it said of all pictures, and what that cost.
    struct Outcome: Sendable {
        let name: String
        let machine: Machine
        let said: [String: Said]
        /// Of its files on disk.
        let bytes: Int
        /// Megabytes that were resident at most while the pictures ran; 0 where unknown.
        let peakMemory: Double

        /// The form, and what it was computed in, on what.
        var title: String {
            let size = machine.imageSize.map { "\($0)x\($0)" }
            let parts = [machine.computesIn, machine.weights, size, machine.runsOn].compactMap(
                \.self)
            return "\(name) (\(parts.joined(separator: ", ")))"
        }
    }

    /// Runs it over the pictures, and lets go of it; what cannot be read is told of and left out.
    ///
    /// - Parameter loadAverage: of the minute before anything was measured.
    func run(over inputs: [ImageInput], loadAverage: Double?) async throws -> Outcome {
        if Terminal.showsProgress { Terminal.overwriteLine("loading \(name) …") }
        ProcessMemory.releaseFreed()
        let loaded = try await BenchSubject.load(folder, options)
        let model = loaded.model
        try await warmUp(model, inputs)
        Memory.resetPeak()
        var run = PictureRun(
            inputs, options: self.run,
            model: OpenedModel(model, load: loaded.read + loaded.compile),
            batchSize: batchSize(of: model))
        var said: [String: Said] = [:]
        do {
            try await run.forEach { items in
                try await say(items.map(\.encoded), model)
            } report: { _, item, found in
                said[item.input.name] = found
            }
        } catch let failure as Failure where failure.isToldOf {
            // Told of already; the others are compared.
        }
        return Outcome(
            name: name,
            machine: Machine(
                model: name, options: options, compilations: await model.compilations(),
                core: try Core.shared, loadAverage: loadAverage),
            said: said, bytes: ModelFiles(at: folder, modelCache: options.modelCache).bytes,
            peakMemory: max(Memory.peak, Memory.resident))
    }

    /// Pictures that run together: each is asked all questions, and matched with all texts.
    private func batchSize(of model: BlipModel) -> Int {
        let rows = max(questions.count, texts.count, 1) * max(1, generation.beamCount)
        return model.count(perBatch: batch, ofRows: rows)
    }

    /// What the first inference prepares belongs to no picture.
    private func warmUp(_ model: BlipModel, _ inputs: [ImageInput]) async throws {
        guard let picture = inputs.lazy.compactMap({ try? $0.load() }).first else { return }
        let batch = Array(repeating: picture, count: min(batchSize(of: model), inputs.count))
        _ = try await say(model.encode(batch), model)
    }

    private func say(_ images: [EncodedImage], _ model: BlipModel) async throws -> [Said] {
        var said = images.map { Said(timings: $0.timings) }
        if model.canWrite {
            let captions = try await model.captions(of: images, options: generation)
            for (index, caption) in captions.map(\.first).enumerated() {
                said[index].caption = caption
                said[index].timings = images[index].timings + (caption?.timings ?? .init())
            }
        }
        if model.tasks.contains(.answer) {
            let asked = images.flatMap { image in questions.map { Question($0, about: image) } }
            let answers = try await model.answers(to: asked, options: generation)
                .compactMap(\.first)
            for index in images.indices {
                let first = index * questions.count
                said[index].answers = Array(answers[first..<first + questions.count])
            }
        }
        if model.tasks.contains(.match) {
            let matches = try await model.match(
                images.flatMap { image in texts.map { TextImagePair($0, with: image) } })
            for index in images.indices {
                let first = index * texts.count
                said[index].matches = Array(matches[first..<first + texts.count])
            }
        }
        for index in images.indices where await model.hasEmbeddings {
            said[index].vector = try await model.embedding(of: images[index]).values
        }
        return said
    }
}

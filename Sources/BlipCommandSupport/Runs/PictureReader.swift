package import BLIP
import Foundation
import BlipPictures

/// Reads pictures for a model, some at a time; each is as small as the model's input before another one takes
/// its place, so that memory does not grow with the batch.
struct PictureReader: Sendable {
    let model: BlipModel
    let options: PictureOptions
    /// Whether figures are drawn.
    let keepsFigures: Bool

    struct Readable: Sendable {
        let prepared: PreparedPicture
        /// As large as a figure shows it.
        let figure: Picture?
    }

    /// A picture, or a sentence that says why not.
    typealias Loaded = (input: ImageInput, picture: Result<Readable, PictureError>)

    /// Starts to read; the task gives the pictures in their order.
    func start(_ inputs: [ImageInput]) -> Task<[Loaded], any Error> {
        Task.detached {
            try await withThrowingTaskGroup(of: (Int, Loaded).self) { group in
                var found: [(Int, Loaded)] = []
                for (index, input) in inputs.enumerated() {
                    if index >= MachineResources.picturesReadTogether,
                        let next = try await group.next()
                    {
                        found.append(next)
                    }
                    group.addTask { (index, (input, try load(input))) }
                }
                for try await next in group { found.append(next) }
                return found.sorted { $0.0 < $1.0 }.map(\.1)
            }
        }
    }

    /// - Throws: what is no fault of the picture's.
    private func load(_ input: ImageInput) throws -> Result<Readable, PictureError> {
        let picture: Picture
        do {
            picture = try input.load(options)
        } catch {
            return .failure(inWords(error, input))
        }
        do {
            let figure = try keepsFigures ? picture.scaledForFigure() : nil
            return .success(Readable(prepared: try model.prepare(picture), figure: figure))
        } catch let error as PictureError {
            return .failure(PictureError(error.code, "\(input.name): \(error.message)"))
        }
    }

    private func inWords(_ error: PictureError, _ input: ImageInput) -> PictureError {
        switch error.code {
        // Folders are taken for the pictures in them; one that is left had none.
        case .isFolder where input.file != nil:
            PictureError(
                error.code, "\(input.name) holds no pictures; give the folder that they lie in.")
        case .tooLarge:
            PictureError(
                error.code,
                error.message.dropLast() + ", or raise --max-megapixels.")
        default: error
        }
    }
}

extension MachineResources {
    /// A decoded picture may take 300 MB; but many cores want many pictures.
    package static let picturesReadTogether: Int = {
        let processors = current.processors
        return min(processors, max(4, min(processors / 4, 8)))
    }()
}

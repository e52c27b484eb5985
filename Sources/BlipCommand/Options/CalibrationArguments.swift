import ArgumentParser
import BLIP
import BlipCommandSupport
import BlipConversion
import Foundation

/// How a conversion learns to round activations.
struct CalibrationArguments: ParsableArguments {
    enum Activations: String, ExpressibleByArgument, CaseIterable { case int8 }

    @Option(
        help: ArgumentHelp(
            "Round activations to this type, except the decoder's; needs --calibrate.",
            valueName: "type"))
    var activations: Activations?

    @Option(
        help: ArgumentHelp(
            "100 to 300 pictures like those that the model will see, to learn ranges from.",
            valueName: "folder"), completion: .directory)
    var calibrate: String?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            """
            How far the mean cosine of image embeddings may fall below 1; 0.005 if not given. The most \
            harmful layers keep their activations unrounded.
            """, valueName: "x"))
    var maxDrop: Double?

    func validate() throws {
        if (activations == nil) != (calibrate == nil) {
            throw ValidationError(
                "--activations int8 and --calibrate FOLDER go together; give both or neither.")
        }
        if let maxDrop {
            if !(0..<1).contains(maxDrop) {
                throw ValidationError("--max-drop wants a number from 0 to 1, not \(maxDrop).")
            }
            if activations == nil {
                throw ValidationError("--max-drop bounds what --activations costs; give both.")
            }
        }
    }

    /// The converter, calibrated where that was asked for.
    func calibrated(_ converter: BlipConverter) throws -> BlipConverter {
        guard let calibrate else { return converter }
        let pictures = try PictureFolder(calibrate).files
        var bar = ProgressBar(total: pictures.count)
        let calibrated = try converter.calibrated(on: pictures, maximumDrop: maxDrop ?? 0.005) {
            step in
            switch step {
            case .picture: bar.advance()
            case .skipped(_, let reason):
                bar.clear()
                Terminal.complain(reason)
                bar.advance()
            case .widened(let layer): Terminal.note("\(layer) keeps its activations")
            }
        }
        if let found = calibrated.calibration {
            let similarity = String(format: "%.5f", found.similarity)
            Terminal.note(
                "\(found.pictureCount) pictures; cosine of image embeddings to f32: \(similarity)")
        }
        return calibrated
    }
}

public import ArgumentParser
public import BLIP
import BlipCommandSupport
import BlipConversion
import Foundation

struct Convert: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Write a checkpoint's graphs as OpenVINO IR files.",
        discussion: """
            A checkpoint runs without conversion. Convert it for a smaller folder, or for other OpenVINO \
            programs. The folder has vision.xml, text_encoder.xml, text_decoder.xml and so on, and is a \
            model for --model too.

            EXAMPLES
              blip convert blip-vqa-base --out blip-vqa-f16
              blip convert blip-vqa-base --out blip-vqa-int8 --weights int8
              blip convert blip-vqa-base --out blip-vqa-int4 --weights int4
              blip convert blip-vqa-base --out blip-vqa-full8 --activations int8 --calibrate photos/
              blip convert blip-vqa-base --out blip-vqa-256 --image-size 256
              blip ask photo.jpg "what is this?" --model blip-vqa-int8
            """)

    @Argument(
        help: "A checkpoint folder, a .pth file, or a name that was pulled.", completion: .directory
    )
    var checkpoint: String

    @Option(
        help: ArgumentHelp("The folder to write.", valueName: "dir"), completion: .directory)
    var out: String

    @Option(
        help: ArgumentHelp(
            """
            How weights are stored: f16 (the default); int8, half the size, and the default \
            with --activations; int7, for 8-bit activations on processors without VNNI; int4, the \
            smallest.
            """, valueName: "type"))
    var weights: WeightFormat?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            "Scale pictures to n by n pixels, a multiple of the model's patch; the folder is then for that "
                + "size only.", valueName: "n"))
    var imageSize: Int?

    @OptionGroup(title: "8-bit activations") var calibration: CalibrationArguments
    @OptionGroup(title: "Output") var output: OutputArguments

    func run() async throws {
        try await reportingFailures(keepsFreedMemory: false) {
            try OutputFiles.checkName(out, option: "--out")
            var converter = try BlipConverter(
                checkpoint: await ModelLocation.find(checkpoint),
                weights: weights ?? (calibration.activations == nil ? .f16 : .int8),
                modelCache: ModelLocation.cache, imageSize: imageSize)
            converter = try calibration.calibrated(converter)
            let written = try converter.write(to: URL(filePath: out, directoryHint: .isDirectory)) {
                if Terminal.showsProgress { Terminal.note("\($1)/\($2) \($0)") }
            }
            let record = ConversionRecord(
                out: out, bytes: written.bytes, parts: written.parts,
                similarity: converter.calibration?.similarity,
                widened: converter.calibration?.widenedLayers)
            let megabytes = String(format: "%.1f", Double(written.bytes) / 1e6)
            try Terminal.print(
                output.json
                    ? try jsonLine(record)
                    : "\(out): \(megabytes) MB, \(written.parts.joined(separator: ", "))")
        }
    }
}

private struct ConversionRecord: Encodable {
    let out: String
    let bytes: Int
    let parts: [String]
    /// The mean cosine of image embeddings to those at f32, where activations were rounded.
    let similarity: Double?
    let widened: [String]?
}

extension WeightFormat: ExpressibleByArgument {}

public import ArgumentParser
import BLIP
import BlipCommandSupport
import Foundation

/// Where and how models run: common to every command that runs some.
struct RuntimeArguments: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "The device, as OpenVINO names it: CPU, GPU, NPU, AUTO, GPU.1, HETERO:GPU,CPU.",
            valueName: "name"))
    var device = "AUTO"

    @Option(
        help: ArgumentHelp(
            "What products are computed in: auto, f32, f16 or bf16.",
            discussion: "auto is what the device does best; f32 gives the reference's tokens.",
            valueName: "type"))
    var precision = RuntimeOptions.Precision.automatic

    @Option(
        help: ArgumentHelp(
            "Round a checkpoint's weights when it is loaded: int8 or int4.",
            discussion:
                "Made once, and kept with the compiled models; blip convert makes a folder.",
            valueName: "type"))
    var weights: WeightFormat?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            "Look at pictures of n by n pixels, a multiple of the model's patch.",
            discussion: "Without it, what the model was trained on, mostly 384; fewer are quicker.",
            valueName: "n"))
    var imageSize: Int?

    @Option(
        help: ArgumentHelp(
            "How a graph's sizes are known: dynamic or fixed.",
            discussion:
                "Without it, dynamic on processors; on GPUs and NPUs fixed, to which requests are "
                + "padded. Results are the same.",
            valueName: "how"))
    var shapes: RuntimeOptions.Shapes?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("The most threads to use; without it, the device decides."))
    var threads: Int?

    @Option(
        help: ArgumentHelp(
            "Where compiled models are kept, so that the next start is quick.",
            discussion: "Without it, ~/.cache/swift-blip, or swift-blip in XDG_CACHE_HOME.",
            valueName: "dir"),
        completion: .directory)
    var cacheDir: String?

    @Flag(help: "Keep no compiled models.")
    var noCache = false

    func validate() throws {
        if let threads, !(1...4096).contains(threads) {
            throw ValidationError("--threads wants a number from 1 to 4096, not \(threads).")
        }
        if let cacheDir {
            do {
                try OutputFiles.checkName(cacheDir, option: "--cache-dir")
            } catch {
                throw ValidationError("\(error)")
            }
        }
    }

    var options: RuntimeOptions {
        RuntimeOptions(
            device: device, precision: precision, cacheDirectory: cacheDirectory, threads: threads,
            modelCache: ModelLocation.cache, imageSize: imageSize, weights: weights, shapes: shapes)
    }

    private var cacheDirectory: URL? {
        if noCache { return nil }
        if let cacheDir { return URL(filePath: cacheDir, directoryHint: .isDirectory) }
        return RuntimeOptions.userCacheDirectory
    }
}

extension RuntimeOptions.Precision: ExpressibleByArgument {}
extension RuntimeOptions.Shapes: ExpressibleByArgument {}

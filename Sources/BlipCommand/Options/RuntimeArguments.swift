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
            "The precision of computations: auto, f32, f16 or bf16.",
            discussion: "auto is what the device does best; f32 gives transformers' tokens.",
            valueName: "type"))
    var precision = RuntimeOptions.Precision.automatic

    @Option(
        help: ArgumentHelp(
            "Round a checkpoint's weights when it is loaded: int8 or int4.",
            discussion:
                "The compiled model is cached, so later starts round nothing; blip convert makes a folder.",
            valueName: "type"))
    var weights: WeightFormat?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            "Scale pictures to n by n pixels, a multiple of the model's patch.",
            discussion:
                "Without it, the size that the model was trained on, mostly 384; fewer pixels are quicker.",
            valueName: "n"))
    var imageSize: Int?

    @Option(
        help: ArgumentHelp(
            "The sizes in compiled graphs: dynamic or fixed.",
            discussion:
                "Without it, dynamic on processors, and fixed on GPUs and NPUs, where requests are padded. "
                + "Results are the same.",
            valueName: "how"))
    var shapes: RuntimeOptions.Shapes?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("The most threads to use; without it, the device decides."))
    var threads: Int?

    @Option(
        help: ArgumentHelp(
            "The folder for compiled models, which make the next start quick.",
            discussion: "Without it, ~/.cache/swift-blip, or swift-blip in XDG_CACHE_HOME.",
            valueName: "dir"),
        completion: .directory)
    var cacheDir: String?

    @Flag(help: "Store no compiled models.")
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

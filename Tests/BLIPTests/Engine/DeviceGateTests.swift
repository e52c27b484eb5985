import BlipPictures
import Foundation
import OpenVINO
import Synchronization
import Testing

@testable import BLIP

/// On machines with nothing but a processor: one that has to be checked as a GPU has.
@Suite("The first use of a device", .serialized)
struct DeviceGateTests {
    private let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)

    private func gate(
        _ device: String, fault: WeightFault? = nil, cache: URL?
    ) throws -> DeviceGate {
        let opened = try ModelFolder(Record.fixtures.appending(path: "checkpoints/all-tasks"))
        var options = RuntimeOptions(device: device, precision: .f32, cacheDirectory: cache)
        options.checks = .processorsToo
        options.fault = fault
        return DeviceGate(
            source: opened.source, available: opened.parts, configuration: opened.configuration,
            options: options, core: try .shared)
    }

    /// What a gate lets through, and what it tells.
    private func pass(_ gate: DeviceGate) -> (options: RuntimeOptions, told: [String]) {
        let log = Log()
        BlipLog.send { if $0 == .notice { log.append($1) } }
        defer { BlipLog.send { _, _ in } }
        let passed = gate.passed()
        return (passed, log.lines)
    }

    private final class Log: Sendable {
        private let all = Mutex<[String]>([])
        var lines: [String] { all.withLock(\.self) }
        func append(_ line: String) { all.withLock { $0.append(line) } }
    }

    private var verdicts: [String] {
        ((try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? [])
            .filter { $0.hasPrefix("swift-blip-verdict-") }
    }

    @Test func oneThatIsRightIsUsedAndCheckedOnce() throws {
        let first = try pass(gate("HETERO:CPU", cache: folder))
        #expect(first.options.device == "HETERO:CPU")
        #expect(first.told.count == 1 && first.told.first?.hasPrefix("Checking HETERO:CPU") == true)
        #expect(verdicts.count == 1)
        let second = try pass(gate("HETERO:CPU", cache: folder))
        #expect(second.options.device == "HETERO:CPU" && second.told.isEmpty)
    }

    @Test func oneThatIsWrongIsNotUsed() throws {
        let fault = WeightFault(in: .vision, scale: -3)
        for round in 1...2 {
            let (options, told) = try pass(gate("HETERO:CPU", fault: fault, cache: folder))
            #expect(options.device == "CPU" && options.fault == nil)
            #expect(told.last?.contains("computes something else") == true, "\(told)")
            #expect(told.count == (round == 1 ? 2 : 1))
        }
    }

    @Test func automaticMeansOneThatPassed() throws {
        let right = try pass(gate("AUTO:CPU", cache: folder))
        #expect(right.options.device == "CPU")
        let fault = WeightFault(in: .textDecoder, scale: -3)
        let wrong = try pass(gate("AUTO:CPU", fault: fault, cache: nil))
        #expect(wrong.options.device == "CPU" && wrong.told.count == 2)
    }

    /// A converted folder whose files are gone since it was opened.
    @Test(arguments: [("HETERO:CPU", "the processor is used"), ("AUTO:CPU", "AUTO leaves it out")])
    func aProcessorThatFailsTheCheckIsTold(device: String, instead: String) throws {
        let whole = try gate(device, cache: nil)
        let broken = DeviceGate(
            source: .converted(folder: folder, weights: .f16), available: whole.available,
            configuration: whole.configuration, options: whole.options, core: whole.core)
        let (options, told) = pass(broken)
        #expect(options.device == "CPU" && told.count == 2)
        let last = try #require(told.last)
        #expect(last.contains("cannot be compared with the processor at f32, so \(instead)"))
        #expect(last.contains("is not there or cannot be read"), "\(last)")
    }

    /// A time that was measured again would be another.
    @Test func theProcessorIsAskedOnceForAllDevices() throws {
        let checker = try DeviceChecker(
            folder: Record.fixtures.appending(path: "checkpoints/all-tasks"),
            options: RuntimeOptions(device: "CPU", precision: .f32))
        #expect(try checker.reference().vision == checker.reference().vision)
    }

    /// Pictures are looked at one by one and in a batch, and the decoder follows both.
    @Test(arguments: RuntimeOptions.Shapes.allCases)
    func batchesAreCheckedToo(shapes: RuntimeOptions.Shapes) throws {
        let opened = try ModelFolder(Record.fixtures.appending(path: "checkpoints/all-tasks"))
        let findings = try DeviceProbe(
            opened.source, available: opened.parts, configuration: opened.configuration,
            options: RuntimeOptions(device: "CPU", precision: .f32, shapes: shapes)
        ).run()
        #expect(findings.failure == nil)
        #expect(findings.vectors.contains { $0.name == "image embeddings of a batch" })
        #expect(findings.tokens.count == 2 * BuiltInPicture.count)
        #expect(findings.tokens.prefix(2) == findings.tokens.suffix(2))
    }

    @Test func automaticMeansTheQuickest() {
        let content = { (device: String, verdict: DeviceVerdict, seconds: Double) in
            VerdictFile.Content(
                device: device, verdict: verdict, reason: nil, agreement: nil, seconds: seconds)
        }
        let found = [
            content("GPU.0", .right, 0.9), content("NPU", .wrong, 0.1), content("GPU.1", .fails, 0),
            content("CPU", .right, 0.5),
        ]
        #expect(DeviceGate.quickest(of: found) == "CPU")
        #expect(DeviceGate.quickest(of: Array(found[..<3])) == "GPU.0")
        #expect(DeviceGate.quickest(of: Array(found[1..<3])) == nil)
    }

    /// A device that failed while another program had it need not be left out for ever.
    @Test func doctorsVerdictTakesThePlaceOfAnOlderOne() throws {
        let fault = WeightFault(in: .vision, scale: -3)
        let wrong = try pass(gate("HETERO:CPU", fault: fault, cache: folder))
        #expect(wrong.options.device == "CPU")
        #expect(
            wrong.told.last?.contains("blip doctor with the same --model checks it again") == true)
        let checker = try DeviceChecker(
            folder: Record.fixtures.appending(path: "checkpoints/all-tasks"),
            options: RuntimeOptions(device: "HETERO:CPU", precision: .f32, cacheDirectory: folder))
        try checker.keep(checker.examine("HETERO:CPU", against: checker.reference()))
        #expect(verdicts.count == 1)
        let (options, told) = try pass(gate("HETERO:CPU", cache: folder))
        #expect(options.device == "HETERO:CPU" && told.isEmpty)
    }

    @Test func aCacheThatCannotBeWrittenIsTold() throws {
        let file = folder.appendingPathExtension("file")
        try Data().write(to: file)
        let (options, told) = try pass(gate("HETERO:CPU", cache: file.appending(path: "below")))
        #expect(options.device == "HETERO:CPU")
        #expect(told.count == 2 && told.last?.contains("cannot be kept in") == true)
    }

    @Test func processorsAreNotChecked() throws {
        let opened = try ModelFolder(Record.fixtures.appending(path: "checkpoints/all-tasks"))
        for device in ["CPU", "AUTO", "HETERO:CPU", "AUTO:CPU"] {
            let gate = DeviceGate(
                source: opened.source, available: opened.parts,
                configuration: opened.configuration, options: RuntimeOptions(device: device),
                core: try .shared)
            let (options, told) = pass(gate)
            #expect(options.device == device && told.isEmpty)
        }
    }

    /// A device that is gone in the middle of anything is told of once, and nothing is lost.
    @Test(arguments: [0, 2, 9])
    func aDeviceThatVanishes(inferences: Int) async throws {
        var options = RuntimeOptions(device: "HETERO:CPU", precision: .f32)
        let checkpoint = Record.fixtures.appending(path: "checkpoints/all-tasks")
        let photos = ["coffee.png", "chelsea.jpg", "rocket.png"].map {
            Record.fixtures.appending(path: "photos/\($0)")
        }
        let log = Log()
        BlipLog.send { if $0 == .notice { log.append($1) } }
        defer { BlipLog.send { _, _ in } }
        var found: [[String]] = []
        for vanishesAfter in [nil, inferences] {
            options.vanishesAfter = vanishesAfter
            let model = try BlipModel(folder: checkpoint, options: options)
            var texts: [String] = []
            for photo in photos {
                let image = try await model.encode(contentsOf: photo)
                texts.append(try await model.caption(image).text)
                texts.append(try await model.answer("what is it?", about: image).text)
                let match = try await model.match("a cup of coffee", with: image)
                texts.append(String(match.probability > 0.5))
            }
            found.append(texts)
        }
        #expect(found[0] == found[1])
        #expect(log.lines.count == 1)
        #expect(log.lines.first?.hasPrefix("HETERO:CPU failed, and the processor goes on") == true)
    }

    /// What the vision model makes of four pictures at once, and what is told of the device.
    private func encodeFour(
        sized side: Int?, fault: WeightFault? = nil, cache: URL? = nil
    ) async throws -> (embeddings: [[Float]], told: [String]) {
        var options = RuntimeOptions(
            device: "HETERO:CPU", precision: .f32, cacheDirectory: cache, shapes: .fixed)
        options.checks = .processorsToo
        options.fault = fault
        let log = Log()
        BlipLog.send { if $0 == .notice { log.append($1) } }
        defer { BlipLog.send { _, _ in } }
        let model = try BlipModel(
            folder: Record.fixtures.appending(path: "checkpoints/all-tasks"), options: options)
        let picture = try Picture(
            contentsOf: Record.fixtures.appending(path: "photos/coffee.png"))
        let prepared = try model.prepare(picture, imageSize: side)
        let images = try await model.encode(Array(repeating: prepared, count: 4))
        var embeddings: [[Float]] = []
        for image in images { embeddings.append(try await model.patchEmbeddings(of: image)) }
        return (embeddings, log.lines)
    }

    /// The first use checks pictures of the model's size, one and two: graphs for others are other programs.
    @Test(
        arguments: [(.batches(from: 4), nil), (.otherPictures, 64)]
            as [(WeightFault.Extent, Int?)])
    func aSizeThatIsWrongIsNotUsed(extent: WeightFault.Extent, side: Int?) async throws {
        let right = try await encodeFour(sized: side)
        #expect(right.told.count == 1, "\(right.told)")
        let wrong = try await encodeFour(
            sized: side, fault: WeightFault(in: .vision, scale: -1e3, extent: extent))
        let last = try #require(wrong.told.last)
        #expect(last.hasPrefix("HETERO:CPU failed, and the processor goes on"))
        #expect(last.contains("as the processor does"))
        #expect(wrong.told.count == 2, "\(wrong.told)")
        for (right, wrong) in zip(right.embeddings, wrong.embeddings) {
            #expect(right.count == wrong.count)
            #expect(zip(right, wrong).allSatisfy { abs($0 - $1) < 1e-3 })
        }
    }

    /// Each part, in sizes that requests have later, at f32 and in what the processor likes best.
    @Test(arguments: ModelPart.allCases)
    func everyPartIsCheckedInOtherSizes(part: ModelPart) throws {
        let gate = try gate("HETERO:CPU", cache: nil)
        var sizes = ShapeBuckets.first(part, gate.configuration)
        sizes.batch = 4
        if part == .textDecoder || part == .textEncoder { sizes.contextBatch = 4 }
        if part == .textDecoder { (sizes.tokens, sizes.past) = (8, 64) }
        var options = RuntimeOptions(device: "CPU", shapes: .fixed)
        for precision in [RuntimeOptions.Precision.automatic, .f32] {
            options.precision = precision
            let right = try PartCompiler(gate.source, options: options, core: gate.core)
                .compile(part, sizes)
            try gate.check(right.model, on: "HETERO:CPU", part, sizes, of: nil)
        }
        options.fault = WeightFault(in: part, scale: -1e3)
        let wrong = try PartCompiler(gate.source, options: options, core: gate.core)
            .compile(part, sizes)
        #expect(throws: OpenVINOError.self) {
            try gate.check(wrong.model, on: "HETERO:CPU", part, sizes, of: nil)
        }
        // The first use has checked these.
        let first = ShapeBuckets.first(part, gate.configuration)
        try gate.check(wrong.model, on: "HETERO:CPU", part, first, of: nil)
    }

    @Test func sizesAreCheckedOnce() async throws {
        for _ in 0..<2 {
            _ = try await encodeFour(sized: nil, cache: folder)
            // Of the device, and of the vision model for four pictures.
            #expect(verdicts.count == 2)
        }
    }

    /// The whole way: a model on a device that is wrong gives what the processor gives.
    @Test func aModelOnAWrongDeviceRunsOnTheProcessor() async throws {
        var options = RuntimeOptions(device: "HETERO:CPU", precision: .f32)
        let checkpoint = Record.fixtures.appending(path: "checkpoints/all-tasks")
        let photo = Record.fixtures.appending(path: "photos/coffee.png")
        let expected = try await BlipModel(folder: checkpoint, options: options)
            .caption(contentsOf: photo)
        options.checks = .processorsToo
        options.fault = WeightFault(in: .vision, scale: -3)
        BlipLog.send { _, _ in }
        let found = try await BlipModel(folder: checkpoint, options: options)
            .caption(contentsOf: photo)
        #expect(found.tokenIDs == expected.tokenIDs)
    }
}

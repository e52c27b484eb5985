import Foundation
import Subprocess
import Testing

@Suite("blip convert writes ordinary IR")
struct ConvertTests {
    private let photo = Repository.photo("coffee.png")

    @Test func aConvertedFolderIsAModel() async throws {
        let folder = try TemporaryFolder()
        let checkpoint = Repository.checkpoint("caption-f16")
        let out = folder.path("converted")
        let converted = try await BlipProgram.run("convert", checkpoint, "--out", out, "--json")
        #expect(converted.status == 0, "\(converted.errors)")
        let object = try #require(try converted.objects().first)
        #expect(object.keys.sorted() == ["bytes", "out", "parts"])
        #expect(
            object["parts"] as? [String] == ["vision", "text_decoder_context", "text_decoder"])
        // The checkpoint is half precision already, so nothing may change.
        let before = try await BlipProgram.run(
            "caption", photo, "--model", checkpoint, "--precision", "f32")
        let after = try await BlipProgram.run(
            "caption", photo, "--model", out, "--precision", "f32")
        #expect(before.output == after.output)
        #expect(
            try FileManager.default.contentsOfDirectory(atPath: folder.url.path) == ["converted"])
    }

    @Test func theSameConversionWritesTheSameBytes() async throws {
        let folder = try TemporaryFolder()
        let checkpoint = Repository.checkpoint("caption-f16")
        let outputs = ["one", "two"].map { folder.path($0) }
        for out in outputs {
            #expect(try await BlipProgram.run("convert", checkpoint, "--out", out).status == 0)
        }
        let files = FileManager.default
        for file in try files.contentsOfDirectory(atPath: outputs[0]) {
            let paths = outputs.map { "\($0)/\(file)" }
            #expect(files.contentsEqual(atPath: paths[0], andPath: paths[1]), "\(file)")
        }
        let manifest = try String(contentsOfFile: outputs[0] + "/swift_blip.json", encoding: .utf8)
        let keys = manifest.matches(of: /"(\w+)" :/).map(\.1)
        #expect(keys.count > 2 && keys == keys.sorted())
    }

    @Test func openVINOForPythonReadsIt() async throws {
        let folder = try TemporaryFolder()
        let out = folder.path("converted")
        let converted = try await BlipProgram.run(
            "convert", Repository.checkpoint("all-tasks"), "--out", out)
        #expect(converted.status == 0)
        let python = Repository.root.appending(path: ".venv/test/bin/python").path
        let script = Repository.root.appending(path: "Tests/read_ir.py").path
        let result = try await Subprocess.run(
            .path(.init(python)), arguments: [script, out], output: .string(limit: 1 << 20),
            error: .string(limit: 1 << 20))
        #expect(
            result.terminationStatus == .exited(0), "\(result.standardError)")
        #expect(
            result.standardOutput.split(separator: "\n") == [
                "text_decoder f16", "text_decoder_context f16", "text_encoder f16",
                "text_encoder_context f16", "text_projection f16", "vision f16",
                "vision ran: [1, 37, 32]",
            ])
    }

    @Test func whatIsRefused() async throws {
        let folder = try TemporaryFolder()
        let checkpoint = Repository.checkpoint("vqa-f32")
        try folder.write("mine".utf8, to: "precious.txt")
        let occupied = try await BlipProgram.run(
            "convert", checkpoint, "--out", folder.url.path)
        #expect(occupied.status == 64)
        #expect(occupied.errors.contains("precious.txt"))
        #expect(
            try FileManager.default.contentsOfDirectory(atPath: folder.url.path)
                == ["precious.txt"])

        let out = folder.path("converted")
        #expect(try await BlipProgram.run("convert", checkpoint, "--out", out).status == 0)
        #expect(try await BlipProgram.run("convert", checkpoint, "--out", out).status == 0)
        let again = try await BlipProgram.run("convert", out, "--out", folder.path("again"))
        #expect(again.status == 64)
        #expect(again.errors.contains("converted already"))

        // A file where the folder, or a folder above it, should be.
        let file = folder.path("precious.txt")
        let over = try await BlipProgram.run("convert", checkpoint, "--out", file)
        #expect(over.status == 64, "\(over.errors)")
        let below = try await BlipProgram.run("convert", checkpoint, "--out", file + "/out")
        #expect(below.status == 73, "\(below.errors)")
        #expect(below.errors.contains("precious.txt/out cannot be written"))
    }
}

@Suite("The folder that blip convert writes")
struct ConversionFolderTests {
    private let files = FileManager.default
    private let large = Repository.checkpoint("all-tasks")
    private let small = Repository.checkpoint("caption-f16")

    @Test func whatElseLiesInItIsKept() async throws {
        let folder = try TemporaryFolder()
        let out = folder.path("out")
        #expect(try await BlipProgram.run("convert", large, "--out", out).status == 0)
        try files.createDirectory(atPath: out + "/photos", withIntermediateDirectories: false)
        try folder.write("mine".utf8, to: "out/photos/notes.txt")
        let names = Set(try files.contentsOfDirectory(atPath: out))
        let refused = try await BlipProgram.run("convert", small, "--out", out)
        #expect(refused.status == 64)
        #expect(refused.errors.contains("photos"))
        #expect(Set(try files.contentsOfDirectory(atPath: out)) == names)
        #expect(files.fileExists(atPath: out + "/photos/notes.txt"))

        // A smaller model's folder holds nothing of the larger one's.
        try files.moveItem(atPath: out + "/photos", toPath: folder.path("photos"))
        #expect(try await BlipProgram.run("convert", small, "--out", out).status == 0)
        #expect(!files.fileExists(atPath: out + "/text_encoder.xml"))
        #expect(!files.fileExists(atPath: out + "/text_encoder.bin"))
        #expect(try await BlipProgram.run("convert", small, "--out", folder.path("b")).status == 0)
        #expect(
            Set(try files.contentsOfDirectory(atPath: out))
                == Set(try files.contentsOfDirectory(atPath: folder.path("b"))))
    }

    @Test func linksAreFollowed() async throws {
        let folder = try TemporaryFolder()
        try files.createDirectory(atPath: folder.path("there"), withIntermediateDirectories: false)
        for target in ["there", "not-yet"] {
            let link = folder.path("link-to-\(target)")
            try files.createSymbolicLink(atPath: link, withDestinationPath: target)
            for _ in 0..<2 {
                let result = try await BlipProgram.run("convert", small, "--out", link)
                #expect(result.status == 0, "\(result.errors)")
                #expect(try files.destinationOfSymbolicLink(atPath: link) == target)
                #expect(files.fileExists(atPath: folder.path(target) + "/vision.xml"))
            }
        }
        // A file of the conversion that is a link is replaced, not what it leads to.
        try folder.write("mine".utf8, to: "precious.txt")
        let file = folder.path("there/vocab.txt")
        try files.removeItem(atPath: file)
        try files.createSymbolicLink(atPath: file, withDestinationPath: "../precious.txt")
        let link = folder.path("link-to-there")
        #expect(try await BlipProgram.run("convert", small, "--out", link).status == 0)
        #expect(try String(contentsOfFile: folder.path("precious.txt"), encoding: .utf8) == "mine")
    }

    @Test func theWorkingDirectoryStaysItself() async throws {
        let folder = try TemporaryFolder()
        let before = try files.attributesOfItem(atPath: folder.url.path)[.systemFileNumber] as? Int
        for _ in 0..<2 {
            let result = try await BlipProgram.run(
                ["convert", small, "--out", "."], in: folder.url.path)
            #expect(result.status == 0, "\(result.errors)")
            #expect(files.fileExists(atPath: folder.path("vision.xml")))
        }
        let after = try files.attributesOfItem(atPath: folder.url.path)[.systemFileNumber] as? Int
        #expect(before == after)
    }

    /// A limit on the size of files, as a full disk: what was there is there.
    @Test func aFullDisk() async throws {
        let folder = try TemporaryFolder()
        let out = folder.path("out")
        let arguments = ["convert", small, "--out", out]
        let none = try await BlipProgram.run(arguments, under: BlipProgram.fullDisk)
        #expect(none.status == 73, "\(none.errors)")
        #expect(none.errors.contains("out cannot be written"))
        #expect(try files.contentsOfDirectory(atPath: folder.url.path).isEmpty)
        #expect(try await BlipProgram.run(arguments).status == 0)
        let names = Set(try files.contentsOfDirectory(atPath: out))
        #expect(try await BlipProgram.run(arguments, under: BlipProgram.fullDisk).status == 73)
        #expect(Set(try files.contentsOfDirectory(atPath: out)) == names)
    }

    @Test(arguments: ["vision.xml", "vision.bin", "text_decoder.xml", "config.json"])
    func aFileThatIsMissing(name: String) async throws {
        let folder = try TemporaryFolder()
        let out = folder.path("out")
        #expect(try await BlipProgram.run("convert", small, "--out", out).status == 0)
        try files.removeItem(atPath: "\(out)/\(name)")
        let result = try await BlipProgram.run(
            "caption", Repository.photo("china.jpg"), "--model", out)
        #expect(result.status == 66, "\(result.errors)")
        #expect(result.errors.contains(name))
        #expect(result.errors.split(separator: "\n").count == 1)
    }
}

@Suite("blip convert --activations")
struct CalibrateTests {
    private let demo = Repository.root.appending(path: "Sources/BlipDemoModel/Resources/demo").path

    @Test func aFolderOfPicturesCalibrates() async throws {
        let folder = try TemporaryFolder()
        try folder.write("no picture".utf8, to: "broken.jpg")
        for copy in 0..<2 {
            for name in ["astronaut.png", "chelsea.jpg", "coffee.png", "rocket.png"] {
                try FileManager.default.copyItem(
                    at: URL(filePath: Repository.photo(name)),
                    to: folder.url.appending(path: "\(copy)-\(name)"))
            }
        }
        let out = folder.path("converted")
        let result = try await BlipProgram.run(
            "convert", demo, "--out", out, "--activations", "int8", "--calibrate",
            folder.url.path, "--json")
        #expect(result.status == 0, "\(result.errors)")
        #expect(result.errors.contains("broken.jpg"))
        let object = try #require(try result.objects().first)
        #expect(object.keys.sorted() == ["bytes", "out", "parts", "similarity", "widened"])
        #expect(try #require(object["similarity"] as? Double) > 0.995)
        let caption = try await BlipProgram.run(
            "caption", Repository.root.appending(path: "Samples/four-dogs.png").path, "--model", out
        )
        #expect(caption.output.contains("four dogs"))
    }

    @Test func whatIsRefused() async throws {
        let folder = try TemporaryFolder()
        let out = folder.path("converted")
        let refused = [
            ["--activations", "int8"], ["--calibrate", folder.url.path], ["--max-drop", "0.1"],
            ["--activations", "int8", "--calibrate", folder.url.path],
            ["--activations", "int8", "--calibrate", folder.path("missing")],
            ["--activations", "int8", "--calibrate", folder.url.path, "--max-drop", "2"],
        ]
        for options in refused {
            let result = try await BlipProgram.run(["convert", demo, "--out", out] + options)
            #expect(result.status == 64, "\(options): \(result.errors)")
        }
        // Too few.
        try FileManager.default.copyItem(
            at: URL(filePath: Repository.photo("coffee.png")),
            to: folder.url.appending(path: "coffee.png"))
        let result = try await BlipProgram.run(
            [
                "convert", demo, "--out", out, "--activations", "int8", "--calibrate",
                folder.url.path,
            ])
        #expect(result.status == 64)
        #expect(result.errors.contains("has 1"))
        #expect(
            try FileManager.default.contentsOfDirectory(atPath: folder.url.path) == ["coffee.png"])
    }
}

@Suite("blip devices")
struct DevicesTests {
    @Test func theProcessorIsThere() async throws {
        let result = try await BlipProgram.run("devices", "--json")
        #expect(result.status == 0)
        let object = try #require(try result.objects().first { $0["device"] as? String == "CPU" })
        #expect(object.keys.sorted() == ["capabilities", "device", "name"])
        #expect((object["capabilities"] as? [String])?.contains("FP32") == true)
    }
}

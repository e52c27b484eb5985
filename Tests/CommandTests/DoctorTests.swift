import Foundation
import Testing

@Suite("blip doctor as a user runs it")
struct DoctorCommandTests {
    @Test func theProcessorIsRight() async throws {
        let ran = try await BlipProgram.run("doctor", "--json", "--device", "CPU")
        #expect(ran.status == 0, "\(ran.errors)")
        let objects = try ran.objects()
        #expect(objects.map { $0["verdict"] as? String } == ["right"])
        #expect((objects.first?["advice"] as? [String])?.isEmpty == true)
        try expectDocumented(objects)
        let words = try await BlipProgram.run("doctor", "--device", "CPU")
        #expect(words.output.contains("verdict     right"))
    }

    @Test func aDeviceThatIsNotThereFails() async throws {
        let ran = try await BlipProgram.run("doctor", "--json", "--device", "GPU")
        #expect(ran.status == 1)
        #expect(try ran.objects().map { $0["verdict"] as? String } == ["fails"])
    }

    @Test func rangesOfAUsersPictures() async throws {
        let samples = Repository.root.appending(path: "Samples").path
        let ran = try await BlipProgram.run("doctor", "--calibrate", samples, "--json")
        #expect(ran.status == 0, "\(ran.errors)")
        let objects = try ran.objects()
        #expect(objects.count > 100)
        #expect(objects.allSatisfy { $0["large"] as? Bool == false })
        try expectDocumented(Array(objects.prefix(1)))
        let none = try await BlipProgram.run("doctor", "--calibrate", "no-such-folder")
        #expect(none.status == 64)
    }

    @Test func shapesAreDynamicOrFixed() async throws {
        let photo = Repository.photo("china.jpg")
        let captions = try await ["dynamic", "fixed"].asyncMap {
            try await BlipProgram.run(
                "caption", photo, "--precision", "f32", "--shapes", $0
            ).output
        }
        #expect(captions[0] == captions[1] && !captions[0].isEmpty)
        #expect(try await BlipProgram.run("caption", photo, "--shapes", "round").status == 64)
    }
}

extension Array {
    fileprivate func asyncMap<Result>(
        _ transform: (Element) async throws -> Result
    ) async throws -> [Result] {
        var results: [Result] = []
        for element in self { results.append(try await transform(element)) }
        return results
    }
}

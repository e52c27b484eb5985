import Foundation
import ModelGraph
import Testing

@Suite("A graph becomes IR that names every tensor and places every constant")
struct IntermediateRepresentationTests {
    /// `y = x · wᵀ + 1`, whose weight lies at byte 128 of a blob.
    private func linear() throws -> Graph {
        let graph = Graph(name: "line<ar>")
        let x = graph.input("x", .f32, ["batch", 2])
        let weight = try graph.constant(
            .f16, [3, 2], .inBlob(offset: 128, byteCount: 12), called: "weight")
        let y = try graph.scope("block") {
            try x.matrixProduct(weight.decompressed(to: .f32), transposingOther: true)
                .adding(graph.float(1))
        }
        graph.output(y, "y")
        return graph
    }

    @Test func text() throws {
        let xml = try linear().ir { constant in
            if case .inBlob(let offset, _) = constant.bytes { offset } else { 4096 }
        }
        #expect(xml.contains("<net name=\"line&lt;ar&gt;\" version=\"11\">"))
        #expect(xml.contains("<data shape=\"?,2\" element_type=\"f32\"/>"))
        #expect(
            xml.contains(
                "<data element_type=\"f16\" shape=\"3, 2\" offset=\"128\" size=\"12\"/>"))
        #expect(xml.contains("<data element_type=\"f32\" shape=\"\" offset=\"4096\" size=\"4\"/>"))
        #expect(xml.contains("<attribute name=\"decompression\" version=\"0\"/>"))
        #expect(xml.contains("name=\"block/MatMul_3\""))
        #expect(xml.contains("names=\"y\"><dim>-1</dim><dim>3</dim></port>"))
        #expect(
            xml.contains("<edge from-layer=\"0\" from-port=\"0\" to-layer=\"3\" to-port=\"0\"/>"))
    }

    @Test func files() throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let blob = (0..<140).map { UInt8($0) }
        _ = try blob.withUnsafeBytes { blob in
            try linear().write(to: folder, named: "linear", blob: blob)
        }
        let binary = try Data(contentsOf: folder.appending(path: "linear.bin"))
        #expect(Array(binary.prefix(12)) == Array(blob[128..<140]))
        #expect(binary.count == 64 + 4, "the literal stands at the next multiple of 64")
        let names = try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
        #expect(names == ["linear.bin", "linear.xml"])
    }

    @Test func aFailedWriteLeavesNothing() throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        #expect(throws: (any Error).self) {
            try linear().write(to: folder, named: "linear")
        }
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).isEmpty)
    }
}

import ModelGraph
import Testing

@Suite("An IR that was written can be read, and anything else is refused")
struct ReadingTests {
    private func written() throws -> String {
        let graph = Graph(name: "line<ar> & \"more\"")
        let x = graph.input("x", .f32, ["batch", 2])
        let weight = try graph.constant(
            .f16, [3, 2], .inBlob(offset: 128, byteCount: 12), called: "path.of.weight")
        let y = try graph.scope("block") {
            try x.matrixProduct(weight.decompressed(to: .f32), transposingOther: true)
        }
        graph.output(y, "y")
        graph.output(try y.adding(graph.float(1)), "z")
        return graph.ir { constant in
            if case .inBlob(let offset, _) = constant.bytes { offset } else { 256 }
        }
    }

    @Test func whatIsReadIsWrittenTheSame() throws {
        let ir = try written()
        let graph = try Graph(reading: ir)
        let again = graph.ir { constant in
            if case .inBlob(let offset, _) = constant.bytes { offset } else { -1 }
        }
        #expect(again == ir)
        #expect(graph.inputs.map(\.name) == ["x"])
        #expect(graph.outputs.map(\.name) == ["y", "z"])
        let weight = try #require(graph.operations.first { $0.ownName == "path.of.weight" })
        #expect(weight.outputs.first?.shape == [3, 2])
        #expect(weight.outputs.first?.scalarType == .f16)
    }

    /// Whatever is cut off or changed is read or refused, and does not end the program.
    @Test func damagedTextIsRefused() throws {
        let ir = try written()
        let bytes = Array(ir.utf8)
        for length in stride(from: 0, to: bytes.count - 12, by: 7) {
            let cut = String(decoding: bytes[..<length], as: UTF8.self)
            #expect(throws: GraphError.self) { try Graph(reading: cut) }
        }
        for (from, to) in [
            ("from-layer=\"0\"", "from-layer=\"99\""), ("to-port=\"1\"", "to-port=\"7\""),
            ("from-layer=\"0\"", "from-layer=\"5\""), ("from-port=\"0\"", "from-port=\"-1\""),
            ("from-port=\"2\"", "from-port=\"\(Int.min)\""),
            ("id=\"1\"", "id=\"0\""),
            ("FP16", "FP17"), ("offset=\"128\"", "offset=\"-1\""), ("size=\"12\"", "size=\"x\""),
            ("<dim>2</dim>", "<dim>2"), ("</layers>", ""), ("<edges>", "<wedges>"),
            ("type=\"MatMul\"", ""), ("name=\"y/result\"", "name=\"y/result"),
        ] {
            let changed = ir.replacing(from, with: to, maxReplacements: 1)
            #expect(changed != ir, "\(from)")
            #expect(throws: GraphError.self, "\(from) to \(to)") { try Graph(reading: changed) }
        }
    }

    @Test(arguments: [
        "", "no graph", "</edges>\n</layers>", "<net", "<net name=\"x\">", "\0\u{7F}",
    ])
    func whatIsNoGraphIsRefused(_ text: String) {
        #expect(throws: GraphError.self) { try Graph(reading: text) }
    }

    /// Reading them is no recursion.
    @Test func manyInstructionsAreRefused() {
        let text = String(repeating: "<?>", count: 200_000)
        #expect(throws: GraphError.self) { try Graph(reading: text) }
    }

    /// To Swift, each of these is one character with the accent behind it.
    @Test(arguments: ["\"", "<", ">", "&", "&quot;", "\r\n\""])
    func signsWithAccentsAreEscaped(_ sign: String) throws {
        let graph = Graph(name: "\(sign)\u{301} \(sign)")
        graph.output(graph.input("x", .f32, [2]).relu(), "y")
        let ir = graph.ir { _ in 0 }
        let again = try Graph(reading: ir)
        #expect(again.name == graph.name)
        #expect(again.ir { _ in 0 } == ir)
    }

    @Test func aMistakeTellsItsLine() throws {
        let ir = try written().replacing("FP16", with: "FP17", maxReplacements: 1)
        let line = ir.prefix { _ in true }.split(separator: "\n", omittingEmptySubsequences: false)
            .firstIndex { $0.contains("FP17") }
        let error = #expect(throws: GraphError.self) { try Graph(reading: ir) }
        #expect(error?.location == "IR:\(try #require(line) + 1)")
    }
}

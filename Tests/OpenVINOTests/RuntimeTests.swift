import Foundation
import OpenVINO
import Testing

@Suite struct RuntimeTests {
    private func withFolder<Result>(_ body: (URL) throws -> Result) throws -> Result {
        let folder = URL.temporaryDirectory.appending(path: "OpenVINOTests-\(UUID())")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        return try body(folder)
    }

    private func sum(_ compiled: CompiledModel) throws -> [Float] {
        let request = try compiled.makeInferRequest()
        try request.setInput("x", Tensor([1, 2, 3, 4] as [Float], shape: [1, 4]))
        try request.infer()
        return try request.output("sum").array()
    }

    @Test func describesDevices() throws {
        let core = try Core.shared
        #expect(try core.devices().contains("CPU"))
        #expect(try core.fullDeviceName("CPU").isEmpty == false)
        #expect(try core.capabilities(of: "CPU").contains("FP32"))
        #expect(Core.version.hasPrefix("20"))
        #expect(try Core.shared === core)
    }

    @Test func setsProperties() throws {
        let core = try Core()
        try core.setProperties([.inferencePrecision(.f32), .threads(1)], on: "CPU")
        #expect(try core.property("INFERENCE_NUM_THREADS", on: "CPU") == "1")
        let compiled = try compiledAdd(properties: [
            .streams(1), .performanceHint(.latency), .executionMode(.accuracy),
            .enableCPUPinning(false), .enableHyperThreading(false), .schedulingCoreType(.any),
            .dynamicQuantizationGroupSize(0), .kvCachePrecision(.f32), .requests(2),
        ])
        #expect(try compiled.property("NUM_STREAMS") == "1")
        #expect(try compiled.property("INFERENCE_PRECISION_HINT") == "f32")
        #expect(try compiled.property("PERFORMANCE_HINT") == "LATENCY")
        #expect(try compiled.property("EXECUTION_MODE_HINT") == "ACCURACY")
    }

    @Test func describesModels() throws {
        let model = try Core.shared.readModel(
            xml: SmallModels.add, weights: weights([1, 2, 3, 4] as [Float]))
        #expect(try model.friendlyName == "add")
        #expect(model.isDynamic)
        let input = try #require(try model.inputs.first)
        #expect(["x", "alias_of_x"].contains(input.name))
        #expect(input.shape == [-1, 4])
        #expect(input.elementType == .f32)
        #expect(try model.outputs.map(\.name) == ["sum"])

        try model.reshape(["x": [.init(2...8), 4]])
        #expect(try model.outputs.first?.shape == [.init(2...8), 4])
        try model.reshape(["x": [3, 4]])
        #expect(try model.outputs.first?.shape.fixed == [3, 4])
        #expect(!model.isDynamic)
        #expect(throws: OpenVINOError.self) { try model.reshape(["x": .dynamic]) }
        #expect(throws: OpenVINOError.self) { try model.reshape(["x": []]) }
        #expect(try model.inputs.first?.shape.fixed == [3, 4])
    }

    private static let shapes: [(String, PartialShape)] = [
        ("", []), ("...", .dynamic), ("?,2..8", [-1, PartialShape.Dimension(2...8)]),
    ]

    @Test(arguments: shapes)
    func readsShapesOfPorts(written: String, shape: PartialShape) throws {
        let xml = SmallModels.add.replacing("shape=\"?,4\"", with: "shape=\"\(written)\"")
            .replacing("<dim>-1</dim><dim>4</dim>", with: "")
            .replacing(
                "shape=\"4\" offset=\"0\" size=\"16\"", with: "shape=\"1\" offset=\"0\" size=\"4\"")
        let model = try Core.shared.readModel(xml: xml, weights: weights([1] as [Float]))
        #expect(try model.inputs.first?.shape == shape)
    }

    @Test func readsFiles() throws {
        try withFolder { folder in
            let xml = folder.appending(path: "modèle 1.xml")
            let numbers = [10, 20, 30, 40] as [Float]
            try SmallModels.add.write(to: xml, atomically: true, encoding: .utf8)
            try Data(numbers.withUnsafeBytes { Array($0) })
                .write(to: folder.appending(path: "modèle 1.bin"))
            try Data(numbers.map { -$0 }.withUnsafeBytes { Array($0) })
                .write(to: folder.appending(path: "any.weights"))

            let core = try Core.shared
            let exact = [Property.inferencePrecision(.f32)]
            let beside = try core.compile(core.readModel(at: xml), for: "CPU", properties: exact)
            #expect(try sum(beside) == [11, 22, 33, 44])
            let other = try core.readModel(
                at: xml, weights: folder.appending(path: "any.weights"))
            #expect(
                try sum(core.compile(other, for: "CPU", properties: exact)) == [-9, -18, -27, -36])
            let direct = try core.compile(at: xml, for: "CPU", properties: exact)
            #expect(try sum(direct) == [11, 22, 33, 44])
        }
    }

    @Test func cachesCompiledModels() throws {
        try withFolder { folder in
            let cache = folder.appending(path: "cache")
            let first = try compiledAdd(properties: [.cacheDirectory(cache)])
            #expect(try isLoadedFromCache(first) == false)
            let second = try compiledAdd(properties: [.cacheDirectory(cache)])
            #expect(try isLoadedFromCache(second))
            #expect(try sum(second) == [11, 22, 33, 44])
            // Other weights are another model.
            let model = try Core.shared.readModel(
                xml: SmallModels.add, weights: weights([0, 0, 0, 1] as [Float]))
            let third = try Core.shared.compile(
                model, for: "CPU", properties: [.inferencePrecision(.f32), .cacheDirectory(cache)])
            #expect(try isLoadedFromCache(third) == false)
            #expect(try sum(third) == [1, 2, 3, 5])
        }
    }

    private func isLoadedFromCache(_ compiled: CompiledModel) throws -> Bool {
        ["YES", "true", "1"].contains(try compiled.property("LOADED_FROM_CACHE"))
    }

    @Test func exportsAndImports() throws {
        try withFolder { folder in
            let file = folder.appending(path: "compiled.blob")
            try compiledAdd().export(to: file)
            #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path()).count == 1)
            let imported = try Core.shared.importModel(at: file, for: "CPU")
            #expect(try sum(imported) == [11, 22, 33, 44])

            let nowhere = folder.appending(path: "no/such/folder/compiled.blob")
            #expect(throws: OpenVINOError.self) { try compiledAdd().export(to: nowhere) }
            #expect(throws: OpenVINOError.self) {
                try Core.shared.importModel(at: nowhere, for: "CPU")
            }
        }
    }

    @Test func showsTheGraphThatRuns() throws {
        let graph = try compiledAdd().runtimeModel()
        #expect(try graph.inputs.count == 1)
        #expect(try graph.outputs.count == 1)
    }
}

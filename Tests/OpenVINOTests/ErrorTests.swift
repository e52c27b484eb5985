import Foundation
import OpenVINO
import Testing

@Suite struct ErrorTests {
    @Test func namesTheMissingPort() throws {
        let request = try compiledAdd().makeInferRequest()
        let tensor = try Tensor([1, 2, 3, 4] as [Float], shape: [1, 4])
        let error = #expect(throws: OpenVINOError.self) { try request.setInput("z", tensor) }
        #expect(error?.code == .notFound)
        let text = try #require(error?.description)
        #expect(text.contains("\"z\"") && text.contains("x\""), "\(text)")
        #expect(!text.contains("Exception from"))
        // An output is no input.
        #expect(throws: OpenVINOError.self) { try request.setInput("sum", tensor) }
        #expect(throws: OpenVINOError.self) { try request.output("x") }
        #expect(throws: OpenVINOError.self) { try request.setInput(at: 1, tensor) }
        #expect(throws: OpenVINOError.self) { try request.setInput(at: -1, tensor) }
        #expect(throws: OpenVINOError.self) { try request.output(at: Int.max) }
    }

    @Test func reportsShapesAndTypes() throws {
        let request = try compiledAdd().makeInferRequest()
        let shape = #expect(throws: OpenVINOError.self) {
            try request.setInput("x", Tensor([1, 2, 3] as [Float], shape: [1, 3]))
        }
        #expect(shape?.description.contains("f32 [1, 3]") == true)
        #expect(shape?.message.isEmpty == false)
        #expect(shape?.code == .parameterMismatch)
        let type = #expect(throws: OpenVINOError.self) {
            try request.setInput("x", Tensor([1, 2, 3, 4] as [Int64], shape: [1, 4]))
        }
        #expect(type?.description.contains("i64") == true)
        #expect(type?.message.isEmpty == false)
        #expect(type?.code == .parameterMismatch)
    }

    @Test func reportsBadModels() throws {
        let core = try Core.shared
        #expect(throws: OpenVINOError.self) { try core.readModel(xml: "") }
        #expect(throws: OpenVINOError.self) { try core.readModel(xml: "<net") }
        #expect(throws: OpenVINOError.self) { try core.readModel(xml: "no model at all") }
        // The constant lies beyond the weights.
        #expect(throws: OpenVINOError.self) {
            try core.readModel(xml: SmallModels.add, weights: weights([1] as [Float]))
        }
        #expect(throws: OpenVINOError.self) { try core.readModel(xml: SmallModels.add) }
        let missing = URL(filePath: "/nowhere/model.xml")
        let error = #expect(throws: OpenVINOError.self) { try core.readModel(at: missing) }
        #expect(error?.description.contains("/nowhere/model.xml") == true)
    }

    @Test func reportsUnknownDevicesAndProperties() throws {
        let core = try Core.shared
        let model = try core.readModel(
            xml: SmallModels.add, weights: weights([1, 2, 3, 4] as [Float]))
        let device = #expect(throws: OpenVINOError.self) { try core.compile(model, for: "TPU") }
        #expect(device?.description.contains("TPU") == true)
        #expect(throws: OpenVINOError.self) {
            try core.compile(model, for: "CPU", properties: [Property("NO_SUCH", "1")])
        }
        #expect(throws: OpenVINOError.self) { try core.property("NO_SUCH", on: "CPU") }
        #expect(throws: OpenVINOError.self) { try model.reshape(["z": [1, 4]]) }
        #expect(throws: OpenVINOError.self) { try model.reshape(["x": [1, 5]]) }
    }

    @Test func codesHaveNames() {
        #expect(OpenVINOError.Code.inferCancelled.description.isEmpty == false)
        #expect(OpenVINOError.Code(rawValue: -4) == .parameterMismatch)
        #expect(OpenVINOError.Code(rawValue: .max).description == "\(Int.max)")
        let error = OpenVINOError(code: .notFound, operation: "find it")
        #expect(error.localizedDescription == error.description)
    }
}

import BLIP
import BlipDemoModel
import Testing

@testable import BlipMeasuring

@Suite("How many run together")
struct BatchCountTests {
    /// Larger pictures take more memory, so fewer of them run together.
    @Test func theModelSaysWhereNobodyElseDoes() throws {
        for imageSize in [nil, 224] {
            let model = try BlipModel(
                folder: DemoModel.folder, options: RuntimeOptions(imageSize: imageSize))
            #expect(model.count(perBatch: nil) == model.batchSize)
            #expect(model.count(perBatch: 10, ofRows: 3) == 3)
            #expect(model.count(perBatch: 2, ofRows: 8) == 1)
        }
    }
}

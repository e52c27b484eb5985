import Foundation
import OpenVINO
import Testing

@testable import BLIP

/// What is added to a graph's text before OpenVINO reads it.
@Suite struct GraphAdditionTests {
    private static let ir = """
        <net name="graph" version="11">
        <layers>
        <layer id="0" name="x" type="Parameter" version="opset1">
        <data shape="1" element_type="f32"/>
        <output>
        <port id="0" precision="FP32" names="x"><dim>1</dim></port>
        </output>
        </layer>
        <layer id="1" name="y" type="ReLU" version="opset1">
        <input>
        <port id="0"/>
        </input>
        <output>
        <port id="1" precision="FP32" names="y"><dim>1</dim></port>
        </output>
        </layer>
        <layer id="2" name="y/result" type="Result" version="opset1">
        <input>
        <port id="0"/>
        </input>
        </layer>
        </layers>
        <edges>
        <edge from-layer="0" from-port="0" to-layer="1" to-port="0"/>
        <edge from-layer="1" from-port="1" to-layer="2" to-port="0"/>
        </edges>
        </net>
        """

    @Test func aMarkedGraphComputesWhatItDid() throws {
        let marked = try LanguageModelMark().adding(to: Self.ir)
        let weights = try Tensor([UInt8](repeating: 0, count: 4), shape: [4])
        let model = try Core.shared.readModel(xml: marked, weights: weights)
        let request = try Core.shared.compile(model, for: "CPU").makeInferRequest()
        for x: Float in [3, -2, 5] {
            try request.setInput("x", Tensor([x], shape: [1]))
            try request.infer()
            #expect(try request.output("y").array(of: Float.self) == [max(x, 0)])
        }
    }

    @Test(arguments: ["", "no graph", "</edges>\n</layers>"])
    func whatIsNoGraphIsRefused(_ text: String) {
        #expect(throws: BlipError.self) { try LanguageModelMark().adding(to: text) }
    }
}

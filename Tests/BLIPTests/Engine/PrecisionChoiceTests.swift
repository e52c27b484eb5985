@testable import BLIP
import Foundation
import OpenVINO
import Testing

@Suite("What each part computes in")
struct PrecisionChoiceTests {
    /// - Parameters:
    ///   - maker: as `/proc/cpuinfo` names it; `nil` for a system without such a file.
    ///   - flags: of its first processor; the second has none, as no processor should.
    private func processor(_ maker: String?, _ flags: String) throws -> ProcessorInstructions {
        let text = maker.map {
            """
            processor\t: 0
            vendor_id\t: \($0)
            model name\t: A processor: 2 GHz, amx_bf16
            flags\t\t: fpu \(flags) sse
            bugs\t\t: spectre_v1

            processor\t: 1
            vendor_id\t: Another
            flags\t\t: fpu
            """
        }
        let root = try SystemRoot(text.map { ["proc/cpuinfo": $0] } ?? [:])
        defer { withExtendedLifetime(root) {} }
        return ProcessorInstructions(SystemFiles(root: root.url))
    }

    private let vector = "avx512_bf16 avx512_fp16 avx512_vnni"

    @Test func instructions() throws {
        let masked = try processor("GenuineIntel", vector)
        #expect(masked.multipliesFasterAtF32 && !masked.hasMatrixUnit)
        let whole = try processor("GenuineIntel", "\(vector) amx_bf16 amx_tile")
        #expect(!whole.multipliesFasterAtF32 && whole.hasMatrixUnit)
        let other = try processor("AuthenticAMD", "avx512_bf16")
        #expect(!other.multipliesFasterAtF32 && !other.hasMatrixUnit)
        let unknown = try processor(nil, "")
        #expect(!unknown.multipliesFasterAtF32 && !unknown.hasMatrixUnit)
    }

    /// Without AMX, Intel's processors look at pictures at f32, and read texts at bf16.
    @Test func picturesAtF32() throws {
        let masked = try processor("GenuineIntel", vector)
        let choice = PrecisionChoice(
            .automatic, defaults: [.bf16], hasIntegerWeights: false, processor: masked)
        for part in ModelPart.allCases {
            #expect(choice.asked(of: part) == (part.readsTexts ? nil : .f32))
        }
        #expect(choice.stateType == .bf16 && !choice.isExact)
    }

    /// With AMX, texts with integer weights are read at f32.
    @Test func textsAtF32() throws {
        let whole = try processor("GenuineIntel", "\(vector) amx_bf16")
        let choice = PrecisionChoice(
            .automatic, defaults: [.bf16], hasIntegerWeights: true, processor: whole)
        for part in ModelPart.allCases {
            #expect(choice.asked(of: part) == (part.readsTexts ? .f32 : nil))
        }
        #expect(choice.stateType == .f32 && !choice.isExact && choice.widensTexts)
    }

    /// Nothing is asked for where the device's own choice is right for all parts.
    @Test(arguments: [true, false]) func allPartsAlike(hasIntegerWeights: Bool) throws {
        let amd = try processor("AuthenticAMD", "avx512_bf16")
        let masked = try processor("GenuineIntel", vector)
        let whole = try processor("GenuineIntel", "\(vector) amx_bf16")
        let processors = [amd, nil] + (hasIntegerWeights ? [masked] : [whole])
        for processor in processors {
            let choice = PrecisionChoice(
                .automatic, defaults: [.bf16], hasIntegerWeights: hasIntegerWeights,
                processor: processor)
            #expect(ModelPart.allCases.allSatisfy { choice.asked(of: $0) == nil })
            #expect(choice.stateType == .bf16 && !choice.isExact)
        }
        let wide = PrecisionChoice(
            .automatic, defaults: [.f32], hasIntegerWeights: hasIntegerWeights, processor: masked)
        #expect(ModelPart.allCases.allSatisfy { wide.asked(of: $0) == nil })
        // Integers that nobody asked to be exact may meet rounded activations.
        #expect(wide.stateType == .f32 && wide.isExact == !hasIntegerWeights)
        // A device that does not tell, and two that differ.
        for defaults: [ElementType?] in [[nil], [.f16, .f32], []] {
            let choice = PrecisionChoice(
                .automatic, defaults: defaults, hasIntegerWeights: hasIntegerWeights, processor: nil
            )
            #expect(choice.stateType == .f32 && !choice.isExact)
        }
    }

    /// What is asked for is asked of every part, whatever the processor.
    @Test(arguments: [true, false]) func asAsked(hasIntegerWeights: Bool) throws {
        let processors = [
            try processor("GenuineIntel", vector), try processor("GenuineIntel", "amx_bf16"), nil,
        ]
        let types: [(RuntimeOptions.Precision, ElementType)] = [
            (.f32, .f32), (.f16, .f16), (.bf16, .bf16),
        ]
        for processor in processors {
            for (precision, type) in types {
                let choice = PrecisionChoice(
                    precision, defaults: [.bf16], hasIntegerWeights: hasIntegerWeights,
                    processor: processor)
                #expect(ModelPart.allCases.allSatisfy { choice.asked(of: $0) == type })
                #expect(choice.stateType == type && choice.isExact == (type == .f32))
            }
        }
    }

    @Test func bf16ThatWouldBeEmulatedIsToldOf() {
        let without = ["FP32", "INT8"]
        let warning = PrecisionChoice.warning(of: .bf16, capabilities: without)
        #expect(warning?.contains("no instructions for bf16") == true)
        #expect(PrecisionChoice.warning(of: .bf16, capabilities: without + ["BF16"]) == nil)
        // A device that does not tell.
        #expect(PrecisionChoice.warning(of: .bf16, capabilities: []) == nil)
        for other: RuntimeOptions.Precision in [.automatic, .f32, .f16] {
            #expect(PrecisionChoice.warning(of: other, capabilities: without) == nil)
        }
    }
}

import Testing

@testable import BlipCheckpoint

@Suite struct SafetensorsHeaderTests {
    static let sample = safetensors(
        "{\"__metadata__\":{\"format\":\"pt\"},"
            + "\(member("b", "F16", "[1,2]", 8, 12)),\(member("a", "F32", "[2]", 0, 8))}  ",
        [Float(1), 2].bytes + [0, 0x3C, 0, 0xC0])

    @Test func readsTensorsInTheOrderOfTheirBytes() throws {
        let header = try parse(Self.sample)
        #expect(header.tensors.map(\.name) == ["a", "b"])
        #expect(header.tensors.map(\.dataType) == [.f32, .f16])
        #expect(header.tensors.map(\.shape) == [[2], [1, 2]])
        #expect(header.tensors.map(\.begin) == [0, 8])
        #expect(header.metadata == ["format": "pt"])
        #expect(header.dataOffset == Self.sample.count - 12)
    }

    @Test func acceptsScalarsEmptyTensorsAndUnknownFields() throws {
        let header = try parse(
            safetensors(
                "{\(member("e", "I64", "[0,5]", 0, 0)),\"s\":{\"note\":[1.5e-3,null,{}],"
                    + "\"dtype\":\"U8\",\"shape\":[],\"data_offsets\":[0,1]}}", [7]))
        #expect(header.tensors.map(\.name) == ["e", "s"])
        #expect(header.tensors.last?.shape == [])
    }

    @Test func acceptsEveryDataTypeOfTheFormat() throws {
        let types = [
            "F64", "F32", "F16", "BF16", "I64", "I32", "I16", "I8", "U64", "U32", "U16", "U8",
            "BOOL", "C64", "F8_E4M3", "F8_E5M2", "F8_E8M0", "F6_E2M3", "F6_E3M2", "F4",
        ]
        for name in types {
            let type = try #require(DataType(safetensorsName: name))
            let count = type.bitWidth
            let header = safetensors(
                "{\(member("t", name, "[8]", 0, count))}", [UInt8](repeating: 0, count: count))
            #expect(try parse(header).tensors.first?.dataType == type)
        }
    }

    @Test func refusesEveryTruncation() {
        for count in 0..<Self.sample.count {
            let error = checkpointError { try parse([UInt8](Self.sample.prefix(count))) }
            let code = error?.code
            let expected: CheckpointError.Code =
                count < 8
                ? .fileTooShort
                : count < Self.sample.count - 12 ? .headerPastEnd : .truncated
            #expect(code == expected, "cut to \(count) bytes")
        }
    }

    @Test func namesALengthPastTheFile() {
        let bytes = UInt64(Int64.max).bytes + [UInt8](repeating: 32, count: 16)
        let error = checkpointError { try parse(bytes) }
        #expect(
            error?.description
                == "model.safetensors: the header says it is 9,223,372,036,854,775,807 bytes long"
                + " but the file has 24; download it again.")
        let longest = UInt64.max.bytes + [UInt8](repeating: 32, count: 16)
        #expect(checkpointError { try parse(longest) }?.code == .headerPastEnd)
    }

    @Test func refusesAHeaderOverTheFormatsBound() {
        let bytes = UInt64(100_000_001).bytes + Array("{}".utf8)
        let error = checkpointError {
            _ = try bytes.withUnsafeBytes {
                try SafetensorsHeader.parse(ByteView($0), fileLength: 1 << 40, file: "m")
            }
        }
        #expect(error?.code == .headerTooLarge)
    }

    @Test(arguments: [
        (CheckpointError.Code.offsetsOverlap, "[4]", 0, 4, 2, 6),
        (.offsetsGap, "[4]", 0, 4, 5, 9),
        (.offsetsGap, "[4]", 1, 5, 5, 9),
        (.offsetsReversed, "[4]", 4, 0, 5, 9),
        (.sizeMismatch, "[5]", 0, 4, 4, 8),
        (.truncated, "[4]", 0, 4, 4, 8),
        (.shapeOverflow, "[4611686018427387904,4]", 0, 4, 4, 8),
        (.shapeOverflow, "[9223372036854775807,9223372036854775807]", 0, 4, 4, 8),
        (.shapeOverflow, "[1152921504606846976]", 0, 4, 4, 8),
        (.invalidJSON, "[9223372036854775808]", 0, 4, 4, 8),
        (.invalidJSON, "[-4]", 0, 4, 4, 8),
        (.invalidJSON, "[4.0]", 0, 4, 4, 8),
        (.invalidJSON, "[04]", 0, 4, 4, 8),
        (.invalidJSON, "4", 0, 4, 4, 8),
    ]) func refusesOffsetsAndShapes(
        code: CheckpointError.Code, shape: String, begin: Int, end: Int, next: Int, last: Int
    ) {
        let header =
            "{\(member("a", "U8", shape, begin, end)),\(member("b", "U8", "[4]", next, last))}"
        #expect(parseError(header, [1, 2, 3, 4])?.code == code)
    }

    @Test func refusesBytesAfterTheLastTensor() {
        let error = parseError("{\(member("a", "U8", "[2]", 0, 2))}", [1, 2, 3])
        #expect(error?.code == .trailingBytes)
        #expect(parseError("{}", [1])?.code == .trailingBytes)
        #expect(parseError("{}") == nil)
    }

    @Test func refusesHalfUsedBytes() {
        #expect(parseError("{\(member("a", "F4", "[3]", 0, 2))}", [1, 2])?.code == .shapeOverflow)
    }

    @Test func refusesUnknownDataTypesByName() {
        let error = parseError(
            "{\(member("a", "F128", "[1]", 0, 16))}", .init(repeating: 0, count: 16))
        #expect(error?.code == .unknownDataType)
        #expect(error?.description.contains("F128") == true)
    }
}

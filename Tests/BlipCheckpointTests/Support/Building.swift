import Foundation

@testable import BlipCheckpoint

extension FixedWidthInteger {
    /// The integer's bytes, lowest first.
    var bytes: [UInt8] { withUnsafeBytes(of: littleEndian) { [UInt8]($0) } }
}

extension [Float] {
    var bytes: [UInt8] { flatMap { $0.bitPattern.bytes } }
}

/// A safetensors file with this header, padded with spaces as the format's writers do, and data.
func safetensors(_ header: String, _ data: [UInt8] = []) -> [UInt8] {
    let padding = [UInt8](repeating: 0x20, count: (8 - header.utf8.count % 8) % 8)
    return UInt64(header.utf8.count + padding.count).bytes + header.utf8 + padding + data
}

/// One tensor of a header.
func member(_ name: String, _ type: String, _ shape: String, _ begin: Int, _ end: Int) -> String {
    #""\#(name)":{"dtype":"\#(type)","shape":\#(shape),"data_offsets":[\#(begin),\#(end)]}"#
}

/// The error that `body` throws, if it is this library's.
func checkpointError(_ body: () throws -> Void) -> CheckpointError? {
    do {
        try body()
        return nil
    } catch {
        return error as? CheckpointError
    }
}

/// Parses bytes as a whole safetensors file.
@discardableResult
func parse(_ bytes: [UInt8], file: String = "model.safetensors") throws -> SafetensorsHeader {
    try bytes.withUnsafeBytes {
        try SafetensorsHeader.parse(ByteView($0), fileLength: bytes.count, file: file)
    }
}

func parseError(_ header: String, _ data: [UInt8] = []) -> CheckpointError? {
    checkpointError { try parse(safetensors(header, data)) }
}

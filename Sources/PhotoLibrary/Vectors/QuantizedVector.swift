import BLIP
import Foundation

/// A unit vector in bytes: 8 bits a number for searching, and 8 more that tell the first few of what was
/// found apart.
struct QuantizedVector: Sendable {
    /// `scale * (bytes + residual / 256)` is the vector.
    let scale: Float
    let bytes: [Int8]
    let residual: [Int8]

    init(_ embedding: Embedding) {
        let values = embedding.values
        let length = values.reduce(0) { $0 + $1 * $1 }.squareRoot()
        let unit = values.map { length > 0 && length.isFinite ? $0 / length : 0 }
        let largest = unit.reduce(0) { max($0, abs($1)) }
        scale = largest > 0 ? largest / 127 : 1
        let steps = unit.map { [scale] in $0 / scale }
        bytes = steps.map { Int8(max(-127, min($0.rounded(), 127))) }
        residual = zip(steps, bytes).map {
            Int8(max(-127, min((($0 - Float($1)) * 256).rounded(), 127)))
        }
    }

    /// The vector again, to 1/65,000 of its largest number.
    static func embedding(scale: Float, bytes: Data, residual: Data) -> Embedding {
        Embedding(
            zip(bytes, residual).map {
                scale * (Float(Int8(bitPattern: $0)) + Float(Int8(bitPattern: $1)) / 256)
            })
    }
}

extension [Int8] {
    var data: Data { withUnsafeBytes { Data($0) } }
}

/// A query as the scan takes it: 16 bits a number, so that only the library's rounding counts.
struct ScanQuery {
    let steps: [Int16]
    let scale: Float

    /// - Parameter embedding: of the width that the library's vectors have.
    init(_ embedding: Embedding) {
        let values = embedding.values
        let length = values.reduce(0) { $0 + $1 * $1 }.squareRoot()
        let largest = values.reduce(0) { max($0, abs($1)) }
        // Products of so many numbers stay below 2^31.
        let limit = Float(min(32_767, (1 << 24) / max(1, values.count)))
        let isUsable = largest > 0 && length.isFinite
        let step = isUsable ? largest / limit : 1
        steps = values.map { isUsable ? Int16(($0 / step).rounded()) : 0 }
        scale = isUsable ? step / length : 0
    }
}

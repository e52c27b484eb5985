import Foundation

/// An encoded picture as bytes. All numbers are little-endian:
///
///     "BLIPIMG1"   version 1
///     UInt64       fingerprint of the weights
///     UInt32 x 3   tokens, width, numbers of the projection
///     Float        the embeddings, then the projection
///     UInt64       hash of all that is before
struct KeptImage {
    let fingerprint: UInt64
    let tokens: Int
    let width: Int
    let embeddings: [Float]
    /// Empty where the model has none.
    let projection: [Float]

    private static let mark = Array("BLIPIMG1".utf8)
    private static let headerBytes = mark.count + 8 + 3 * 4
    private static let hashBytes = 8

    init(fingerprint: UInt64, tokens: Int, width: Int, embeddings: [Float], projection: [Float]) {
        self.fingerprint = fingerprint
        self.tokens = tokens
        self.width = width
        self.embeddings = embeddings
        self.projection = projection
    }

    var data: Data {
        var bytes = Self.mark
        bytes.reserveCapacity(
            Self.headerBytes + 4 * (embeddings.count + projection.count) + Self.hashBytes)
        bytes.append(fingerprint)
        for number in [tokens, width, projection.count] { bytes.append(UInt32(number)) }
        for value in embeddings { bytes.append(value.bitPattern) }
        for value in projection { bytes.append(value.bitPattern) }
        var hash = StableHash()
        hash.add(bytes)
        bytes.append(hash.value)
        return Data(bytes)
    }

    /// - Throws: ``BlipError`` for anything that ``data`` does not make.
    init(_ data: Data) throws(BlipError) {
        let bytes = [UInt8](data)
        guard bytes.starts(with: Self.mark.dropLast()) else {
            throw Self.invalid("They are no picture that this library kept")
        }
        guard bytes.starts(with: Self.mark) else {
            throw Self.invalid("Another version of this library kept the picture")
        }
        guard bytes.count >= Self.headerBytes + Self.hashBytes else {
            throw Self.invalid("The kept picture ends early")
        }
        let content = bytes.dropLast(Self.hashBytes)
        var hash = StableHash()
        hash.add(content)
        var reader = LittleEndianReader(bytes[Self.mark.count...])
        let fingerprint = reader.next(UInt64.self)
        let sizes = (0..<3).map { _ in Int(reader.next(UInt32.self)) }
        // Three numbers of 32 bits: their product may not fit, their sum does.
        let (count, isTooLarge) = sizes[0].multipliedReportingOverflow(by: sizes[1])
        let left = content.count - Self.headerBytes
        guard !isTooLarge, left.isMultiple(of: 4), count > 0, count <= left / 4,
            left / 4 - count == sizes[2]
        else { throw Self.invalid("The kept picture has another length than it says") }
        let values = (0..<left / 4).map { _ in Float(bitPattern: reader.next(UInt32.self)) }
        guard reader.next(UInt64.self) == hash.value, values.allSatisfy(\.isFinite) else {
            throw Self.invalid("The kept picture is damaged")
        }
        self.init(
            fingerprint: fingerprint, tokens: sizes[0], width: sizes[1],
            embeddings: Array(values[..<count]), projection: Array(values[count...]))
    }

    private static func invalid(_ problem: String) -> BlipError {
        BlipError(.invalidImage, problem + "; encode it again")
    }
}

/// Kept pictures as a function of bytes, for the fuzzer (Fuzz/) and the mutation tests.
enum KeptImageFuzzTarget {
    /// - Returns: whether what was accepted is written as it was read. No fuzzer finds the hash that is behind it,
    ///   so it is put there.
    static func isSound(_ bytes: UnsafeRawBufferPointer) throws(BlipError) -> Bool {
        let data = Data(bytes)
        if let image = try? KeptImage(data), image.data != data { return false }
        var hash = StableHash()
        hash.add(data)
        let whole = data + withUnsafeBytes(of: hash.value.littleEndian) { Data($0) }
        return try KeptImage(whole).data == whole
    }
}

/// Reads numbers whose bytes are known to be there.
private struct LittleEndianReader {
    private var bytes: ArraySlice<UInt8>

    init(_ bytes: ArraySlice<UInt8>) { self.bytes = bytes }

    mutating func next<Number: FixedWidthInteger>(_ type: Number.Type) -> Number {
        let number = bytes.prefix(Number.bitWidth / 8).reversed()
            .reduce(Number.zero) { $0 << 8 | Number($1) }
        bytes = bytes.dropFirst(Number.bitWidth / 8)
        return number
    }
}

extension [UInt8] {
    fileprivate mutating func append(_ number: some FixedWidthInteger) {
        Swift.withUnsafeBytes(of: number.littleEndian) { append(contentsOf: $0) }
    }
}

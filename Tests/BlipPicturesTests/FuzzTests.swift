import BlipPictures
import Testing

/// Files with flipped, missing and repeated bytes: each gives a picture or an error, never a trap.
@Suite struct FuzzTests {
    /// A generator with a seed, so that a failure can be repeated (xorshift64*).
    private struct Generator: RandomNumberGenerator {
        var state: UInt64
        mutating func next() -> UInt64 {
            state ^= state >> 12
            state ^= state << 25
            state ^= state >> 27
            return state &* 2_685_821_657_736_338_717
        }
    }

    @Test(arguments: [
        "rgb.jpg", "progressive.jpg", "cmyk.jpg", "orientation-6.jpg", "rgb.png", "palette.png",
        "16bit-rgb.png", "lossy.webp", "alpha.webp", "animated.webp", "still.gif", "animated.gif",
        "lzw.tiff", "jpeg.tiff", "1bit-g4.tiff", "big-endian-tiled.tiff",
    ])
    func damagedFilesNeverTrap(_ name: String) throws {
        try damage(Fixture.bytes("formats/\(name)"), name: name)
    }

    /// Whatever has EXIF, XMP, texts, or a GIF's or TIFF's header that is read here.
    @Test(
        arguments: PillowTable.rows.filter { row in
            ["GIF small frame", "TIFF YCbCr", "TIFF tag 6 big"].contains(where: row.name.hasPrefix)
                || row.name.hasSuffix(" 6")
        })
    func damagedMetadataNeverTraps(_ row: PillowTable.Row) throws {
        try damage([UInt8](row.file), name: row.name, rounds: 50)
    }

    private func damage(_ original: [UInt8], name: String, rounds: Int = 200) throws {
        var generator = Generator(state: 0x5EED ^ UInt64(original.count))
        var options = PictureOptions()
        options.maximumPixels = 50_000
        let isPNG = original.starts(with: [0x89, 0x50])
        var refused = 0
        for round in 0..<rounds {
            var bytes = mutated(original, round: round, &generator)
            // PNG refuses a wrong checksum at once; most rounds should get further.
            if isPNG, !round.isMultiple(of: 8) { repairChecksums(&bytes) }
            do {
                let picture = try Picture(bytes: bytes, name: name, options: options)
                #expect(picture.rgb.count == picture.width * picture.height * 3)
            } catch {
                #expect(!error.message.isEmpty)
                refused += 1
            }
        }
        // Were every file refused, or none, nothing would have been tried.
        #expect(refused > 0 && refused < rounds)
    }

    private func mutated(
        _ original: [UInt8], round: Int, _ generator: inout Generator
    ) -> [UInt8] {
        var bytes = original
        // Headers decide most, so half of the changes go there.
        let reach = round.isMultiple(of: 2) ? min(64, bytes.count) : bytes.count
        for _ in 0..<Int.random(in: 1...4, using: &generator) {
            let position = Int.random(in: 0..<reach, using: &generator)
            switch Int.random(in: 0..<8, using: &generator) {
            case 0: bytes = Array(bytes.prefix(position + 1))
            case 1:
                bytes.insert(
                    contentsOf: bytes.prefix(position).suffix(8), at: min(position, bytes.count))
            case 2...4:
                if position < bytes.count {
                    bytes[position] ^= 1 << UInt8.random(in: 0..<8, using: &generator)
                }
            default:
                if position < bytes.count {
                    bytes[position] = UInt8.random(in: 0...255, using: &generator)
                }
            }
        }
        return bytes
    }

    /// Gives every PNG chunk that is still whole its right checksum.
    private func repairChecksums(_ png: inout [UInt8]) {
        var start = 8
        while start + 12 <= png.count {
            let length = png[start..<start + 4].reduce(0) { $0 << 8 | Int($1) }
            let end = start + 8 + length
            guard end + 4 <= png.count else { return }
            png.replaceSubrange(end..<end + 4, with: PNGText.checksum(png[start + 4..<end]))
            start = end + 4
        }
    }
}

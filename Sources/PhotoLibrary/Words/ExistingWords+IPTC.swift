extension ExistingWords {
    /// Reads IPTC's records (IIM 4.2): in a JPEG, Photoshop's resources around them; in others, bare.
    ///
    /// Every read is checked against the bytes; what does not fit ends the reading.
    init(iptc bytes: [UInt8]) {
        self.init()
        var records: [UInt8: [String]] = [:]
        var rest = Self.records(in: bytes)
        var isUTF8 = false
        while rest.count >= 5, rest.first == 0x1C {
            let header = Array(rest.prefix(5))
            let count = Int(header[3]) << 8 | Int(header[4])
            let body = rest.dropFirst(5).prefix(count)
            // Longer ones have their length elsewhere; no text is so long.
            guard count < 0x8000, body.count == count else { break }
            rest = rest.dropFirst(5 + count)
            switch (header[1], header[2]) {
            // ESC % G: UTF-8 follows.
            case (1, 90): isUTF8 = body.elementsEqual([0x1B, 0x25, 0x47])
            case (2, let number): records[number, default: []].append(Self.text(body, isUTF8))
            default: break
            }
        }
        title = records[5]?.first
        description = records[120]?.first
        keywords = (records[25] ?? []).filter { !$0.isEmpty }
    }

    private static func text(_ bytes: ArraySlice<UInt8>, _ isUTF8: Bool) -> String {
        let text =
            String(validating: bytes, as: UTF8.self)
            ?? String(String.UnicodeScalarView(bytes.map { UnicodeScalar($0) }))
        return text.trimmed
    }

    /// The records in Photoshop's resource 0x0404.
    private static func records(in bytes: [UInt8]) -> ArraySlice<UInt8> {
        var rest = bytes[...]
        let signature = Array("Photoshop 3.0\0".utf8)
        if rest.starts(with: signature) { rest = rest.dropFirst(signature.count) }
        while rest.starts(with: "8BIM".utf8), rest.count >= 12 {
            let header = Array(rest.prefix(7))
            // A name, its length before it, padded to an even number with that.
            let nameBytes = (Int(header[6]) + 2) & ~1
            let sizes = Array(rest.dropFirst(6 + nameBytes).prefix(4))
            guard sizes.count == 4 else { return [] }
            let size = sizes.reduce(0) { $0 << 8 | Int($1) }
            let body = rest.dropFirst(10 + nameBytes)
            if header[4] == 0x04, header[5] == 0x04 { return body.prefix(size) }
            rest = body.dropFirst((size + 1) & ~1)
        }
        return rest.first == 0x1C ? rest : []
    }
}

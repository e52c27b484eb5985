import Foundation

/// The bytes of a tar file (POSIX ustar), member by member. They follow from names and contents alone: no times, no owners.
enum TarWriter {
    /// What stands behind the last member.
    static let end = Data(count: 2 * block)

    private static let block = 512
    /// Eleven octal digits.
    private static let largest = 1 << 33 - 1

    /// - Parameters:
    ///   - name: ASCII, at most 100 letters.
    ///   - content: under 8 GiB.
    /// - Returns: `nil` for what the format cannot have.
    static func member(_ name: String, _ content: some Collection<UInt8>) -> Data? {
        guard name.utf8.count <= 100, name.utf8.allSatisfy({ (0x21...0x7E).contains($0) }),
            content.count <= largest
        else { return nil }
        var data = header(name, size: content.count)
        data.append(contentsOf: content)
        data.append(Data(count: (block - content.count % block) % block))
        return data
    }

    private static func header(_ name: String, size: Int) -> Data {
        var header = Data(count: block)
        func put(_ text: String, at offset: Int) {
            header.replaceSubrange(offset..<offset + text.utf8.count, with: text.utf8)
        }
        put(name, at: 0)
        put("0000644", at: 100)
        put("0000000", at: 108)
        put("0000000", at: 116)
        put(octal(size, digits: 11), at: 124)
        put("00000000000", at: 136)
        // The sum takes its own field for spaces.
        put("        ", at: 148)
        put("0", at: 156)
        put("ustar\u{0}00", at: 257)
        put(octal(header.reduce(0) { $0 + Int($1) }, digits: 6) + "\u{0}", at: 148)
        return header
    }

    private static func octal(_ number: Int, digits: Int) -> String {
        let text = String(number, radix: 8)
        return String(repeating: "0", count: max(0, digits - text.count)) + text
    }
}

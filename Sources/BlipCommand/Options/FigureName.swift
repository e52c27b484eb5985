import Foundation

/// What the figure of a picture is called, in a folder of figures.
enum FigureName {
    /// - Parameter picture: the picture's path as it is printed.
    static func name(for picture: String) -> String {
        // The path in one name, its extension kept: pictures of one name do not meet.
        // (By bytes: a slash and an accent after it are one character.)
        let flat = picture.utf8.split(separator: UInt8(ascii: "/")).map { String(Substring($0)) }
            .filter { $0 != "." && $0 != ".." }.joined(separator: "-")
        guard flat.utf8.count + ending.utf8.count > longest else { return flat + ending }
        // What is cut off tells names apart no more; their checksum (FNV-1a of Fowler, Noll and Vo) does.
        let checksum = flat.utf8.reduce(0xcbf2_9ce4_8422_2325 as UInt64) {
            ($0 ^ UInt64($1)) &* 0x100_0000_01b3
        }
        let end = "-" + String(checksum, radix: 16) + ending
        var start = flat
        while start.utf8.count + end.utf8.count > longest { start.removeLast() }
        return start + end
    }

    private static let ending = ".figure.jpg"
    /// Bytes that a name may have on nearly all file systems.
    private static let longest = 255
}

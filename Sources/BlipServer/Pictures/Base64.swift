import Foundation

/// Base64 (RFC 4648) as programs send it: in either alphabet, with its padding or without, in lines.
enum Base64 {
    /// - Returns: `nil` for what is none, or empty.
    static func bytes(of text: some StringProtocol) -> [UInt8]? {
        var standard: [UInt8] = []
        standard.reserveCapacity(text.utf8.count + 3)
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "-"): standard.append(UInt8(ascii: "+"))
            case UInt8(ascii: "_"): standard.append(UInt8(ascii: "/"))
            case 9, 10, 13, 32: continue
            default: standard.append(byte)
            }
        }
        while standard.last == UInt8(ascii: "=") { standard.removeLast() }
        while standard.count % 4 != 0 { standard.append(UInt8(ascii: "=")) }
        guard let data = Data(base64Encoded: Data(standard)), !data.isEmpty else { return nil }
        return [UInt8](data)
    }
}

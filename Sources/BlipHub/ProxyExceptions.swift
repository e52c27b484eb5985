import Foundation

/// `NO_PROXY`: the hosts that are asked directly.
///
/// A name stands for itself and what is below it; `*` for all; addresses may be networks, as in
/// `10.0.0.0/8`; each may have a port.
struct ProxyExceptions: Sendable {
    private let entries: [String]

    init(_ list: String) {
        entries = list.lowercased().split { $0 == "," || $0.isWhitespace }.map(String.init)
    }

    func contains(_ host: String, port: Int) -> Bool {
        let host = host.lowercased()
        return entries.contains { Self.matches($0, host, port) }
    }

    private static func matches(_ entry: String, _ host: String, _ port: Int) -> Bool {
        if entry == "*" { return true }
        let bracketed = entry.wholeMatch(of: /(?:.*:\/\/)?\[(?<address>.*)\](?::(?<port>\d+))?/)
        let plain = entry.wholeMatch(of: /(?:.*:\/\/)?(?<name>[^:]+)(?::(?<port>\d+))?/)
        let number = bracketed?.output.port ?? plain?.output.port
        if let number, Int(number) != port { return false }
        let name = String(bracketed?.output.address ?? plain?.output.name ?? entry[...])
        if let address = IPAddress(host) {
            return IPNetwork(name).map { $0.contains(address) } ?? false
        }
        let domain = name.trimmingPrefix("*").trimmingPrefix(".")
        return host == domain || host.hasSuffix(".\(domain)")
    }
}

/// An IPv4 or IPv6 address: 4 or 16 bytes.
private struct IPAddress {
    let bytes: [UInt8]

    init?(_ text: String) {
        var four = in_addr()
        var six = in6_addr()
        if inet_pton(AF_INET, text, &four) == 1 {
            bytes = withUnsafeBytes(of: &four) { Array($0) }
        } else if inet_pton(AF_INET6, text, &six) == 1 {
            bytes = withUnsafeBytes(of: &six) { Array($0) }
        } else {
            return nil
        }
    }
}

/// Addresses that begin with the same bits; one address is a network too.
private struct IPNetwork {
    let address: IPAddress
    let bits: Int

    init?(_ text: String) {
        let parts = text.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
        guard let address = IPAddress(String(parts[0])) else { return nil }
        let bits = parts.count == 2 ? Int(parts[1]) : address.bytes.count * 8
        guard let bits, (0...address.bytes.count * 8).contains(bits) else { return nil }
        self.address = address
        self.bits = bits
    }

    func contains(_ other: IPAddress) -> Bool {
        guard other.bytes.count == address.bytes.count else { return false }
        return zip(address.bytes, other.bytes).enumerated().allSatisfy { index, pair in
            let kept = min(max(bits - index * 8, 0), 8)
            let mask = UInt8(truncatingIfNeeded: 0xFF00 >> kept)
            return pair.0 & mask == pair.1 & mask
        }
    }
}

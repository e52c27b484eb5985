/// Strings with a number each, found by walking one Unicode scalar at a time.
///
/// Strings differ if their scalars do: `String` as a key would take canonically equivalent tokens
/// for one.
struct ScalarTrie: Sendable {
    private var children: [UInt64: Int] = [:]
    private var values: [Int?] = [nil]

    static let root = 0

    /// Room for `capacity` nodes at once, where the number of strings tells.
    init(minimumCapacity capacity: Int = 0) {
        children.reserveCapacity(capacity)
        values.reserveCapacity(capacity)
    }

    var isEmpty: Bool { values.count == 1 }

    @inline(__always)
    func child(of node: Int, _ scalar: UInt32) -> Int? {
        // A scalar has 21 bits.
        children[UInt64(node) << 21 | UInt64(scalar)]
    }

    @inline(__always)
    func value(at node: Int) -> Int? {
        values[node]
    }

    /// Returns the value that the string had before.
    @discardableResult
    mutating func insert(_ string: some Sequence<UInt32>, _ value: Int) -> Int? {
        var node = Self.root
        for scalar in string {
            if let next = child(of: node, scalar) {
                node = next
            } else {
                children[UInt64(node) << 21 | UInt64(scalar)] = values.count
                node = values.count
                values.append(nil)
            }
        }
        defer { values[node] = value }
        return values[node]
    }

    /// The node that the string leads to.
    func node(of string: some Sequence<UInt32>) -> Int? {
        var node = Self.root
        for scalar in string {
            guard let next = child(of: node, scalar) else { return nil }
            node = next
        }
        return node
    }

    subscript(string: some Sequence<UInt32>) -> Int? {
        node(of: string).flatMap(value(at:))
    }

    /// The longest string under `node`, of one scalar at least, that `scalars` starts with.
    func longestMatch(
        in scalars: ArraySlice<UInt32>, from start: Int, under node: Int = root
    ) -> (end: Int, value: Int)? {
        var node = node
        var index = start
        var match: (end: Int, value: Int)?
        while index < scalars.endIndex, let next = child(of: node, scalars[index]) {
            node = next
            index += 1
            if let value = values[node] { match = (index, value) }
        }
        return match
    }
}

extension String {
    var scalarValues: [UInt32] { unicodeScalars.map(\.value) }
}

/// Sets of numbers that are joined by their members (union-find).
struct DisjointSets: Sendable {
    /// Of each its own, or one that it was joined with.
    private var parents: [Int]

    /// Each number from 0 on is a set of its own.
    init(count: Int) { parents = Array(0..<count) }

    mutating func join(_ first: Int, _ second: Int) {
        let (low, high) = (root(first), root(second))
        if low != high { parents[max(low, high)] = min(low, high) }
    }

    private mutating func root(_ member: Int) -> Int {
        var member = member
        while parents[member] != member {
            parents[member] = parents[parents[member]]
            member = parents[member]
        }
        return member
    }

    /// Those of two members at least, each in order.
    mutating func sets() -> [[Int]] {
        var sets: [Int: [Int]] = [:]
        for member in parents.indices where root(member) != member {
            sets[root(member), default: [root(member)]].append(member)
        }
        return sets.values.sorted { $0[0] < $1[0] }
    }
}

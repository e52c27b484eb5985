import OpenVINO
import Testing

@testable import BLIP

@Suite("The KV cache")
struct KeyValueCacheTests {
    private let configuration: TextConfiguration
    private let shape = (heads: 2, width: 4)

    init() {
        var configuration = TextConfiguration()
        configuration.layerCount = 2
        configuration.headCount = shape.heads
        configuration.hiddenSize = shape.heads * shape.width
        self.configuration = configuration
    }

    /// A value that tells where it came from.
    private func value(_ layer: Int, _ row: Int, _ head: Int, _ token: Int, _ column: Int) -> Float
    {
        let place = ((layer * 10 + row) * 10 + head) * 100 + token
        return Float(place * 10 + column + 1)
    }

    private func append(_ count: Int, rows: [Int], to cache: inout KeyValueCache) throws {
        let first = cache.length
        let new = try cache.layers.indices.map { layer in
            let empty = try cache.emptyLayer(tokens: count)
            try empty.keys.withMutableElements(as: Float.self) { keys in
                for index in keys.indices {
                    let column = index % shape.width
                    let token = index / shape.width % count
                    let head = index / (shape.width * count) % shape.heads
                    let row = rows[index / (shape.width * count * shape.heads)]
                    keys[index] = value(layer, row, head, first + token, column)
                }
            }
            return empty
        }
        try cache.append(new, tokens: count)
    }

    private func expect(_ cache: KeyValueCache, rows: [Int]) throws {
        for (layer, tensors) in cache.layers.enumerated() {
            #expect(
                tensors.keys.shape == [rows.count, shape.heads, cache.capacity, shape.width])
            let keys = try tensors.keys.array(of: Float.self)
            var expected: [Float] = []
            for row in rows {
                for head in 0..<shape.heads {
                    for token in 0..<cache.capacity {
                        for column in 0..<shape.width {
                            // What is not filled is zero: garbage times nothing may be no number.
                            let isThere = token < cache.length
                            expected.append(isThere ? value(layer, row, head, token, column) : 0)
                        }
                    }
                }
            }
            #expect(keys == expected)
        }
    }

    @Test func growsAndFollowsItsRows() throws {
        var cache = try KeyValueCache(rows: 3, type: .f32, configuration)
        try append(5, rows: [0, 1, 2], to: &cache)
        try expect(cache, rows: [0, 1, 2])
        #expect(cache.capacity == 32)
        try cache.keepRows([2, 0])
        try expect(cache, rows: [2, 0])
        // Past the room that there is.
        for _ in 0..<40 { try append(1, rows: [2, 0], to: &cache) }
        #expect(cache.length == 45 && cache.capacity == 64)
        try expect(cache, rows: [2, 0])
        try cache.keepRows([1, 1, 0])
        try expect(cache, rows: [0, 0, 2])
        #expect(throws: BlipError.self) { try cache.keepRows([3]) }
    }
}

import CVectorScan
import Dispatch
import Foundation
import Synchronization

/// Vectors that lie one behind the other, ordered by their numbers.
struct VectorBlock {
    let ids: UnsafeBufferPointer<Int64>
    let scales: UnsafeBufferPointer<Float>
    let bytes: UnsafeBufferPointer<Int8>
    let width: Int

    struct Found: Comparable {
        let id: Int64
        let similarity: Float

        static func < (first: Found, second: Found) -> Bool {
            (first.similarity, second.id) < (second.similarity, first.id)
        }
    }

    /// The vectors that are most like a query, best first. All are looked at, on all processors.
    func nearest(_ count: Int, to query: ScanQuery) -> [Found] {
        guard query.steps.count == width, count > 0 else { return [] }
        let chunks = max(1, min(ids.count / Self.smallestChunk, Self.processors))
        let found = Mutex<[Found]>([])
        // Read by all threads, written by none.
        nonisolated(unsafe) let block = self
        DispatchQueue.concurrentPerform(iterations: chunks) { chunk in
            let range =
                chunk * block.ids.count / chunks..<(chunk + 1) * block.ids.count / chunks
            let best = block.nearest(count, to: query, in: range)
            found.withLock { $0 += best }
        }
        return Array(found.withLock(\.self).sorted(by: >).prefix(count))
    }

    private func nearest(_ count: Int, to query: ScanQuery, in range: Range<Int>) -> [Found] {
        var best = BestFew(count)
        var products = [Int32](repeating: 0, count: Self.rows)
        for start in stride(from: range.lowerBound, to: range.upperBound, by: Self.rows) {
            let rows = min(Self.rows, range.upperBound - start)
            multiply(start, rows, query, &products)
            for row in 0..<rows {
                let similarity = Float(products[row]) * scales[start + row] * query.scale
                if similarity > best.threshold {
                    best.insert(Found(id: ids[start + row], similarity: similarity))
                }
            }
        }
        return best.found
    }

    /// As ``nearest(_:to:)`` among some of the vectors.
    ///
    /// - Parameter allowed: their numbers, in order.
    func nearest(_ count: Int, to query: ScanQuery, among allowed: [Int64]) -> [Found] {
        guard query.steps.count == width, count > 0 else { return [] }
        var best = BestFew(count)
        var products: [Int32] = [0]
        var place = 0
        for id in allowed {
            place = firstPlace(of: id, from: place)
            guard place < ids.count else { break }
            guard ids[place] == id else { continue }
            multiply(place, 1, query, &products)
            let similarity = Float(products[0]) * scales[place] * query.scale
            if similarity > best.threshold {
                best.insert(Found(id: id, similarity: similarity))
            }
        }
        return best.found
    }

    private func multiply(
        _ start: Int, _ rows: Int, _ query: ScanQuery, _ products: inout [Int32]
    ) {
        // Whoever made the block checked that it has `width` bytes for each number.
        guard let base = bytes.baseAddress else { return }
        query.steps.withUnsafeBufferPointer { steps in
            products.withUnsafeMutableBufferPointer { products in
                cvectorscan_products(
                    base + start * width, rows, width, steps.baseAddress, products.baseAddress)
            }
        }
    }

    /// The first place from one on whose number is not below `id`.
    private func firstPlace(of id: Int64, from start: Int) -> Int {
        var (low, step) = (start, 1)
        while low + step < ids.count, ids[low + step] < id {
            low += step
            step *= 2
        }
        var high = min(low + step, ids.count)
        while low < high {
            let middle = (low + high) / 2
            if ids[middle] < id { low = middle + 1 } else { high = middle }
        }
        return low
    }

    /// Vectors whose products are held at a time.
    private static let rows = 512
    private static let smallestChunk = 4_096
    private static let processors = ProcessInfo.processInfo.activeProcessorCount
}

/// The best few of many.
private struct BestFew {
    private let count: Int
    private(set) var found: [VectorBlock.Found] = []
    /// What is not above it is not among them.
    private(set) var threshold = -Float.infinity

    init(_ count: Int) { self.count = count }

    mutating func insert(_ new: VectorBlock.Found) {
        found.append(new)
        // Sorted seldom: once as many again came.
        guard found.count >= 2 * count else { return }
        found.sort(by: >)
        found.removeLast(found.count - count)
        threshold = found.last?.similarity ?? threshold
    }
}

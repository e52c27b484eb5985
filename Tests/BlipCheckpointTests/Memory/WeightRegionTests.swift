import Foundation
import Testing

@testable import BlipCheckpoint

@Suite struct WeightRegionTests {
    @Test func appendsAlignedBytesAfterTheFiles() throws {
        let folder = try TemporaryFolder()
        let file = try folder.write([1, 2, 3], "three")
        let region = try WeightRegion(mapping: [file])
        #expect(region.files.map(\.byteCount) == [3])
        let first = try region.append([4, 5])
        let second = try region.append([6])
        #expect(first.isMultiple(of: 64) && second.isMultiple(of: 64) && second > first)
        let base = region.base
        withExtendedLifetime(region) {
            #expect(base.prefix(3).elementsEqual([1, 2, 3]))
            #expect(base[first..<first + 2].elementsEqual([4, 5]))
            #expect(base[second] == 6)
        }
        #expect(base.count == region.count && region.count == second + 1)
    }

    @Test func sameBytesAreAppendedOnce() throws {
        let region = try WeightRegion(mapping: [])
        let first = try region.appendOnce([4, 5])
        let second = try region.appendOnce([4, 5, 6])
        let count = region.count
        #expect(try region.appendOnce([4, 5]) == first && first != second)
        #expect(region.count == count)
        let base = region.base
        withExtendedLifetime(region) {
            #expect(base[second..<second + 3].elementsEqual([4, 5, 6]))
        }
    }

    @Test func addressesStayWhenTheArenaGrows() throws {
        let region = try WeightRegion(mapping: [])
        let before = region.base.baseAddress
        let offset = try region.append(byteCount: 40 << 20) { $0[$0.count - 1] = 9 }
        #expect(region.base.baseAddress == before)
        #expect(region.base[offset + 40 << 20 - 1] == 9)
    }

    @Test func saysWhenTheArenaIsFull() throws {
        let region = try WeightRegion(mapping: [], arenaCapacity: 4096)
        _ = try region.append([UInt8](repeating: 1, count: 4000))
        let error = checkpointError { _ = try region.append([UInt8](repeating: 1, count: 200)) }
        #expect(error?.code == .arenaFull)
        #expect(
            checkpointError { _ = try region.append(byteCount: .max) { _ in } }?.code == .arenaFull)
        #expect(
            checkpointError { _ = try region.append(byteCount: -1) { _ in } }?.code == .arenaFull)
        _ = try region.append([1, 2, 3])
    }

    @Test func appendsFromManyThreads() async throws {
        let region = try WeightRegion(mapping: [])
        let offsets = try await withThrowingTaskGroup(of: (UInt8, Int).self) { group in
            for number in UInt8(0)..<64 {
                group.addTask {
                    (number, try region.append([UInt8](repeating: number, count: 1000)))
                }
            }
            return try await group.reduce(into: [:]) { $0[$1.0] = $1.1 }
        }
        #expect(Set(offsets.values).count == 64)
        for (number, offset) in offsets {
            #expect(region.base[offset..<offset + 1000].allSatisfy { $0 == number })
        }
    }
}

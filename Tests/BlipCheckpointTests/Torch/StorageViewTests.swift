import Testing

@testable import BlipCheckpoint

/// What a tensor may and may not say about the storage that it is a view of.
@Suite struct StorageViewTests {
    private typealias A = Assemble
    private let storage = [Float(0), 1, 2, 3, 4, 5].bytes

    private func read(_ tensor: [UInt8]) throws -> StoredTensor? {
        let file = ZipBuilder(pickle: A.one(tensor), storages: ["0": storage]).bytes()
        return try file.withUnsafeBytes { try TorchArchive.read(ByteView($0), file: "z.bin") }.first
    }

    private func code(
        count: Int = 6, offset: Int = 0, _ shape: [Int], _ strides: [Int]
    ) -> CheckpointError.Code? {
        let tensor = A.tensor(
            A.storage(count: count), offset: offset, shape: shape, strides: strides)
        return checkpointError { _ = try read(tensor) }?.code
    }

    @Test func acceptsViewsInside() throws {
        #expect(code([6], [1]) == nil)
        #expect(code([2, 3], [3, 1]) == nil)
        #expect(code([3, 2], [1, 3]) == nil)
        #expect(code(offset: 5, [1], [1]) == nil)
        #expect(code([1, 6], [Int.max, 1]) == nil)
        #expect(code(offset: 6, [0], [1]) == nil)
        #expect(code([], []) == nil)
        let rowMajor = try read(A.tensor(A.storage(count: 6), shape: [1, 6], strides: [.max, 1]))
        #expect(rowMajor?.strides == nil)
    }

    @Test(arguments: [
        (6, 0, [7], [1]), (6, 1, [6], [1]), (6, -1, [1], [1]), (6, 6, [1], [1]),
        (6, 0, [2, 3], [4, 1]), (6, 0, [3], [-1]), (6, 5, [2], [-1]), (6, 0, [2], [Int.max]),
        (6, Int.max, [2], [1]), (6, 0, [3], [1 << 62]),
        (6, 0, [3, 3], [Int.max / 2, Int.max / 2]),
    ]) func refusesViewsOutside(count: Int, offset: Int, shape: [Int], strides: [Int]) {
        #expect(code(count: count, offset: offset, shape, strides) == .tensorOutsideStorage)
    }

    @Test func refusesLiesAboutTheStorage() {
        #expect(code(count: 7, [6], [1]) == .storageSizeMismatch)
        #expect(code(count: 5, [5], [1]) == .storageSizeMismatch)
        #expect(code(count: Int.max, [6], [1]) == .storageSizeMismatch)
        #expect(code(count: 1 << 62, [6], [1]) == .storageSizeMismatch)
        let elsewhere = A.tensor(A.storage("1", count: 6), shape: [6], strides: [1])
        #expect(checkpointError { _ = try read(elsewhere) }?.code == .zipEntryMissing)
        let outside = A.tensor(A.storage("../data.pkl", count: 6), shape: [6], strides: [1])
        #expect(checkpointError { _ = try read(outside) }?.code == .zipEntryMissing)
    }

    @Test func refusesShapeBombs() {
        #expect(code([1 << 40], [0]) == .tensorExpanded)
        #expect(code([100, 100, 100], [0, 0, 0]) == .tensorExpanded)
        #expect(code([1 << 62], [0]) == .shapeOverflow)
        #expect(code([1 << 32, 1 << 32], [0, 0]) == .shapeOverflow)
        #expect(code([-1], [1]) == .shapeOverflow)
        #expect(code([6], [1, 1]) == .shapeOverflow)
    }

    /// A pickle alone, whose storage was compared with no file.
    @Test func refusesOffsetsBeyondAnyFile() {
        let storage = A.storage(count: Int.max)
        let tensor = A.tensor(storage, offset: Int.max - 1, shape: [1], strides: [1])
        let error = checkpointError {
            _ = try A.one(tensor).withUnsafeBytes { try FuzzTarget.pickle($0) }
        }
        #expect(error?.code == .tensorOutsideStorage)
    }

    @Test func copiesNoMoreThanTheFileHas() throws {
        // Each view is small enough; together they would be 2,000 times the storage.
        let views = (0..<2_000).map { offset in
            (
                "t\(offset)",
                A.tensor(
                    A.storage(count: 4_000), offset: offset, shape: [2, 1_000], strides: [1, 2])
            )
        }
        let storage = [UInt8](repeating: 0, count: 16_000)
        let pickle = A.pickle(A.dictionary(views))
        let bytes = ZipBuilder(pickle: pickle, storages: ["0": storage]).bytes()
        let folder = try TemporaryFolder()
        let file = try folder.write(bytes, "z.bin")
        #expect(checkpointError { _ = try Checkpoint(at: file) }?.code == .tensorExpanded)
    }
}

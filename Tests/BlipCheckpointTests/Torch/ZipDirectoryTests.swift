import Testing

@testable import BlipCheckpoint

@Suite struct ZipDirectoryTests {
    private let sample = ZipBuilder(entries: [
        .init(name: "a", content: [1, 2, 3]), .init(name: "b", content: [4]),
    ])

    private func entries(_ bytes: [UInt8]) throws -> [ZipDirectory.Entry] {
        try bytes.withUnsafeBytes { try ZipDirectory.parse(ByteView($0), file: "z.bin").entries }
    }

    private func contents(_ zip: ZipBuilder) throws -> [String: [UInt8]] {
        let bytes = zip.bytes()
        return try entries(bytes).reduce(into: [:]) {
            $0[$1.name] = Array(bytes[$1.offset..<$1.offset + $1.byteCount])
        }
    }

    private func code(_ change: (inout ZipBuilder) -> Void) -> CheckpointError.Code? {
        var zip = sample
        change(&zip)
        return checkpointError { _ = try entries(zip.bytes()) }?.code
    }

    @Test func readsStoredEntries() throws {
        let expected: [String: [UInt8]] = ["a": [1, 2, 3], "b": [4]]
        #expect(try contents(sample) == expected)
        var zip = sample
        zip.comment = Array("a comment".utf8)
        #expect(try contents(zip) == expected)
        zip.hasWideEnd = true
        #expect(try contents(zip) == expected)
        for index in zip.entries.indices {
            zip.entries[index].hasDescriptor = true
            zip.entries[index].flags = 8
            zip.entries[index].isWide = true
        }
        #expect(try contents(zip) == expected)
    }

    @Test func refusesWhatCannotBeMapped() {
        #expect(code { $0.entries[1].method = 8 } == .zipEntryCompressed)
        #expect(code { $0.entries[1].flags = 1 } == .zipEntryEncrypted)
    }

    @Test func refusesLies() {
        #expect(code { $0.entries[1].name = "a" } == .duplicateName)
        #expect(code { $0.entries[0].localName = "c" } == .zipDirectoryInvalid)
        #expect(code { $0.entries[0].size = 10_000 } == .zipEntryPastEnd)
        #expect(code { $0.entries[1].size = .max - 1 } == .zipEntryPastEnd)
        #expect(code { $0.entries[0].size = 20 } == .zipEntriesOverlap)
        #expect(
            code {
                $0.entries[1] = .init(name: "b", content: [4], offset: 0, localName: "a")
            } == .zipDirectoryInvalid)
        #expect(code { $0.entries[1].offset = .max - 1 } == .zipDirectoryInvalid)
        #expect(code { $0.entries[1].offset = .max } == .zipDirectoryInvalid)
        #expect(code { $0.entryCount = 3 } == .zipDirectoryInvalid)
        #expect(code { $0.directoryOffset = 1 } == .zipDirectoryInvalid)
        #expect(code { $0.directoryOffset = .max - 1 } == .zipDirectoryInvalid)
    }

    @Test func refusesWhatHasNoDirectory() {
        let error = checkpointError { _ = try entries(sample.bytes().dropLast(30)) }
        #expect(error?.code == .zipDirectoryMissing)
        #expect(checkpointError { _ = try entries([]) }?.code == .zipDirectoryMissing)
    }

    @Test func refusesArchivesOfOtherKinds() throws {
        func code(_ entries: [ZipBuilder.Entry]) -> CheckpointError.Code? {
            let bytes = ZipBuilder(entries: entries).bytes()
            return checkpointError {
                _ = try bytes.withUnsafeBytes { try TorchArchive.read(ByteView($0), file: "z.bin") }
            }?.code
        }
        let pickle = ZipBuilder.Entry(name: "x/data.pkl", content: [0x2E])
        #expect(code([.init(name: "x/readme", content: [])]) == .zipEntryMissing)
        #expect(code([pickle, .init(name: "y/data.pkl", content: [])]) == .zipEntryMissing)
        #expect(code([pickle, .init(name: "x/constants.pkl", content: [])]) == .notACheckpoint)
        let order = ZipBuilder.Entry(name: "x/byteorder", content: Array("big".utf8))
        #expect(code([pickle, order]) == .notACheckpoint)
        #expect(code([pickle]) == .pickleInvalid)
    }
}

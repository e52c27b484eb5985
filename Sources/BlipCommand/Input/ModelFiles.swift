import Foundation

/// The files of a model: its weights, and what tells how they are used.
struct ModelFiles {
    private let files: [(file: URL, size: Int)]

    /// - Parameter location: a folder, or a file of weights.
    init(at location: URL) {
        let names = FileManager.default.enumerator(atPath: location.path)?
            .compactMap { $0 as? String }.filter(Self.belongs).sorted()
        let found = names.map { $0.map { location.appending(path: $0) } } ?? [location]
        files = found.compactMap { file in
            // In a hub's cache files are links.
            let target = file.resolvingSymlinksInPath()
            let values = try? FileManager.default.attributesOfItem(atPath: target.path)
            guard values?[.type] as? FileAttributeType == .typeRegular else { return nil }
            return (target, values?[.size] as? Int ?? 0)
        }
    }

    /// Of all files together.
    var bytes: Int { files.map(\.size).reduce(0, +) }

    /// Tells other weights from these: FNV-1a (Fowler, Noll and Vo) over the files' sizes and 256
    /// places spread evenly over each. Training moves every weight, so that is enough, and takes no
    /// longer for a large checkpoint. It does not depend on names or times: a copy has the same.
    var fingerprint: String {
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        func add(_ bytes: some Sequence<UInt8>) {
            for byte in bytes { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
        }
        for (file, size) in files {
            add(withUnsafeBytes(of: UInt64(size).littleEndian, Array.init))
            guard let handle = try? FileHandle(forReadingFrom: file) else { continue }
            defer { try? handle.close() }
            let step = max(Self.sampleBytes, size / Self.sampleCount)
            for offset in stride(from: 0, to: size, by: step) {
                try? handle.seek(toOffset: UInt64(offset))
                add((try? handle.read(upToCount: Self.sampleBytes)) ?? Data())
            }
        }
        return String(hash, radix: 16)
    }

    private static let sampleCount = 256
    private static let sampleBytes = 1024

    private static func belongs(_ name: String) -> Bool {
        ["safetensors", "bin", "pth", "xml", "json", "txt"]
            .contains { name.hasSuffix(".\($0)") }
    }
}

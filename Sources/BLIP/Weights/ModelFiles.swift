package import Foundation

/// The files of a model: its weights, and what tells how they are used; of an adapter also those of the model
/// that it changes.
package struct ModelFiles {
    /// None where the model is not there.
    package let files: [URL]
    private let location: URL

    /// - Parameters:
    ///   - location: a folder, a file of weights, or a link to one.
    ///   - modelCache: as `RuntimeOptions.modelCache`.
    package init(at location: URL, modelCache: URL?) {
        self.location = location
        let base = CheckpointFiles.baseModel(of: location, modelCache: modelCache)
        // In a hub's cache files are links.
        files = [location, base].compactMap(\.self).flatMap { Self.found(at: $0) }
            .map { $0.resolvingSymlinksInPath() }.filter { Self.size(of: $0) != nil }
    }

    /// What may be files of a model at a place.
    private static func found(at location: URL) -> [URL] {
        // Foundation lists no folder that is named by a link.
        let place = location.resolvingSymlinksInPath()
        // Of a file, Foundation gives an enumerator of nothing.
        guard place.isFolder else {
            guard size(of: place) != nil else { return [] }
            // Beside a file of weights may lie what tells how they are used.
            let folder = place.deletingLastPathComponent()
            return [place] + CheckpointFiles.companionNames.map { folder.appending(path: $0) }
        }
        let names =
            FileManager.default.enumerator(atPath: place.path)?
            .compactMap { $0 as? String } ?? []
        return names.filter(belongs).sorted().map { place.appending(path: $0) }
    }

    /// Of all files together.
    package var bytes: Int { files.compactMap(Self.size).reduce(0, +) }

    /// Tells other weights from these: FNV-1a (Fowler, Noll and Vo) over the files' sizes and 256
    /// places spread evenly over each. Training moves every weight, so that is enough, and takes no
    /// longer for a large checkpoint. It does not depend on names or times: a copy has the same.
    ///
    /// - Throws: ``BlipError`` where there are no files or one cannot be read, since that would be the
    ///   fingerprint of other models too.
    package func fingerprint() throws -> String {
        var hash = StableHash()
        guard !files.isEmpty else {
            throw BlipError(
                .missingModel,
                "\(location.path) holds no files of a model; give the folder that they lie in")
        }
        for file in files {
            guard let size = Self.size(of: file), let handle = try? FileHandle(forReadingFrom: file)
            else { throw Self.unreadable(file) }
            defer { try? handle.close() }
            hash.add(withUnsafeBytes(of: UInt64(size).littleEndian, Array.init))
            let step = max(Self.sampleBytes, size / Self.sampleCount)
            for offset in stride(from: 0, to: size, by: step) {
                guard (try? handle.seek(toOffset: UInt64(offset))) != nil,
                    let bytes = try? handle.read(upToCount: Self.sampleBytes), !bytes.isEmpty
                else { throw Self.unreadable(file) }
                hash.add(bytes)
            }
        }
        return String(hash.value, radix: 16)
    }

    private static let sampleCount = 256
    private static let sampleBytes = 1024

    private static func belongs(_ name: String) -> Bool {
        ["safetensors", "bin", "pth", "xml", "json", "txt"]
            .contains { name.hasSuffix(".\($0)") }
    }

    /// `nil` for what is no regular file.
    private static func size(of file: URL) -> Int? {
        let values = try? FileManager.default.attributesOfItem(atPath: file.path)
        guard values?[.type] as? FileAttributeType == .typeRegular else { return nil }
        return values?[.size] as? Int
    }

    private static func unreadable(_ file: URL) -> BlipError {
        BlipError(
            .missingModel,
            "\(file.path) cannot be read; check that you may, and that nothing writes it")
    }
}

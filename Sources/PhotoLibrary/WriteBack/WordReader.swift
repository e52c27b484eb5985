import BlipJSON
package import BlipPictures
import Foundation

/// Reads the words that people, or programs for them, gave to pictures.
package struct WordReader: Sendable {
    private let tool: ExifTool

    package init(_ tool: ExifTool) { self.tool = tool }

    /// The words of files and of the sidecars beside them, in the pictures' order. Those of a sidecar go before
    /// those of its file, and keywords are joined. A file that exiftool does not understand has none.
    ///
    /// - Throws: ``ExifToolError`` where exiftool is missing or ended.
    package func words(of pictures: [RawPath]) async throws -> [PictureWords] {
        try await readings(of: pictures).map(\.words)
    }

    /// What the files and sidecars of pictures tell.
    func readings(of pictures: [RawPath]) async throws -> [Reading] {
        let links = try LinkFolder()
        defer { links.remove() }
        var names: [String] = []
        var places: [(picture: Int, sidecar: SidecarName?)] = []
        for (index, picture) in pictures.enumerated() {
            let ending = picture.plainEnding.map { "." + $0 } ?? ""
            names.append(try links.link(picture, as: "\(index)\(ending)"))
            places.append((index, nil))
            for sidecar in SidecarName.allCases {
                let path = sidecar.path(for: picture)
                guard Self.isReadable(path), path != picture else { continue }
                names.append(try links.link(path, as: "\(index)-\(sidecar.rawValue).xmp"))
                places.append((index, sidecar))
            }
        }
        let files = try await fileWords(names)
        var readings = [Reading](repeating: Reading(), count: pictures.count)
        for (place, words) in zip(places, files) {
            if let sidecar = place.sidecar {
                readings[place.picture].sidecars[sidecar] = words ?? FileWords.none
            } else {
                readings[place.picture].file = words
            }
        }
        return readings
    }

    /// - Parameter names: plain paths.
    /// - Returns: `nil` for a file that exiftool cannot read.
    func fileWords(_ names: [String]) async throws -> [FileWords?] {
        if names.isEmpty { return [] }
        let reply = try await tool.execute(
            ["-j", "-G1", "-m"] + FileWords.tags.map { "-" + $0 } + names)
        // Without a file that could be read there is no JSON at all.
        let objects = (try? JSONValue(parsing: reply.output))?.elements ?? []
        let found = Dictionary(
            objects.compactMap { object in
                object["SourceFile"]?.text.map { ($0, FileWords(object.members ?? [])) }
            }
        ) { first, _ in first }
        return names.map { found[$0] }
    }

    private static func isReadable(_ sidecar: RawPath) -> Bool {
        guard let status = sidecar.status else { return false }
        return status.st_mode & S_IFMT == S_IFREG && status.st_size <= largestSidecar
    }

    /// Bytes; a sidecar has some thousands, with all of an editor's history some hundred thousands.
    static let largestSidecar = 16 << 20
}

/// What a picture's file and sidecars tell.
struct Reading: Sendable {
    /// `nil` where exiftool does not understand it.
    var file: FileWords?
    var sidecars: [SidecarName: FileWords] = [:]

    /// The sidecars' first, then the file's.
    var sources: [FileWords] {
        SidecarName.allCases.compactMap { sidecars[$0] } + [file].compactMap(\.self)
    }

    var words: PictureWords {
        sources.map(\.words).reduce(into: PictureWords()) { all, words in
            all.title = all.title ?? words.title
            all.description = all.description ?? words.description
            all.altText = all.altText ?? words.altText
            all.keywords += words.keywords.filter { !all.keywords.contains($0) }
        }
    }
}

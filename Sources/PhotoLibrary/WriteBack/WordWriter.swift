package import BlipPictures
import Foundation

/// Writes captions where other programs look for words: into a picture's file, or a sidecar beside it.
///
/// Words that a person wrote stay. Dates stay. A file is replaced when the new one is whole, its pixels
/// are the same and the words can be read back; until then its bytes are where they were.
package struct WordWriter: Sendable {
    package enum Place: Sendable, Hashable {
        case embedded
        case sidecar(SidecarName)
    }

    package struct Options: Sendable {
        package var place: Place
        /// Whether a person's words are replaced.
        package var overwrites = false
        /// Whether nothing is written, and only told what would be.
        package var isDryRun = false

        package init(place: Place) { self.place = place }
    }

    /// What became of a picture's words.
    package struct Outcome: Sendable, Hashable {
        /// What was written, or would have been.
        package let file: RawPath
        /// None where the words were there already, or a person's are.
        package let fields: [WordField]
        /// A person's words, which stay.
        package let kept: [String]
        package let isDryRun: Bool
    }

    private let tool: ExifTool
    private let options: Options

    package init(_ tool: ExifTool, options: Options) {
        self.tool = tool
        self.options = options
    }

    /// Writes a caption.
    ///
    /// - Parameters:
    ///   - caption: one or a few sentences.
    ///   - picture: its file.
    ///   - earlier: captions that were written for the picture before, which are no person's words.
    /// - Throws: ``WriteBackError``, or ``ExifToolError`` where exiftool is missing or ended.
    package func write(
        _ caption: String, for picture: RawPath, earlier: Set<String> = []
    ) async throws -> Outcome {
        let caption = caption.trimmingBlanks
        guard !caption.isEmpty else {
            throw WriteBackError("\(picture) has no words to write; give it a caption.")
        }
        guard let status = picture.status, status.st_mode & S_IFMT == S_IFREG else {
            throw WriteBackError("There is no file \(picture); check the path.")
        }
        let reader = WordReader(tool)
        guard let reading = try await reader.readings(of: [picture]).first else {
            throw ExifToolError.ended
        }
        let target = try target(of: picture, reading)
        let plan = WritePlan(
            caption, into: target.words, reading, fields: target.fields, earlier: earlier,
            overwrites: options.overwrites)
        let fields = plan.fields.filter { target.takes(caption, in: $0) }
        if !fields.isEmpty, !options.isDryRun {
            try await write(caption, fields, target, of: picture, reader)
        }
        return Outcome(
            file: target.file, fields: fields, kept: plan.kept, isDryRun: options.isDryRun)
    }

    private func target(
        of picture: RawPath, _ reading: Reading
    ) throws(WriteBackError) -> WriteTarget {
        switch options.place {
        case .embedded: try WriteTarget(embedding: picture, reading)
        case .sidecar(let name): try WriteTarget(sidecar: name, of: picture, reading)
        }
    }

    private func write(
        _ caption: String, _ fields: [WordField], _ target: WriteTarget, of picture: RawPath,
        _ reader: WordReader
    ) async throws {
        let links = try LinkFolder()
        defer { links.remove() }
        let new = FileReplacement(of: target.file)
        let ending = target.file.plainEnding.map { "." + $0 } ?? ""
        let folder = try links.link(new.file.folder, as: "folder")
        let written = "\(folder)/\(new.file.lastComponent)"
        // The source last, as the tool wants it.
        var arguments = ["-m", "-E", "-o", written] + target.arguments(for: caption, fields)
        if target.words != nil {
            arguments.append(try links.link(target.file, as: "source\(ending)"))
        }
        do {
            let reply = try await tool.execute(arguments)
            let isRefused = reply.messages.contains { $0.hasPrefix("Error") }
            guard !isRefused, new.file.status != nil else {
                throw WriteBackError(refusal(picture, reply.messages))
            }
            guard let words = try await reader.fileWords([written]).first ?? nil,
                fields.allSatisfy({ words.text($0)?.trimmingBlanks == caption })
            else {
                throw WriteBackError(
                    "exiftool wrote \(picture), and the words cannot be read back; the file was left as it "
                        + "was.")
            }
            if options.place == .embedded, !PixelData.isEqual(target.file, new.file) {
                throw WriteBackError(
                    "The pixels of \(picture) would have changed, so that it was left as it was; write a "
                        + "sidecar.")
            }
            try new.commit(keepsTimes: options.place == .embedded)
        } catch {
            new.discard()
            throw error
        }
    }

    /// What exiftool says, without the names by which it knows files.
    private func refusal(_ file: RawPath, _ messages: [String]) -> String {
        let reason = (messages.first { $0.hasPrefix("Error") } ?? messages.first).map { message in
            let words =
                message.hasPrefix("Error:") ? message.dropFirst("Error:".count) : message[...]
            let end = words.range(of: " - /")?.lowerBound ?? words.endIndex
            return ": " + words[..<end].trimmingBlanks
        }
        return
            "The words of \(file) cannot be written\(reason ?? ""); mend the file, or write a sidecar."
    }
}

package import BlipPictures
package import Foundation

/// One picture that was named on the command line, or found in a folder or list.
package struct ImageInput: Sendable {
    /// As it is printed.
    package let name: String
    private let source: Source

    /// The file that it is read from; `nil` for standard input.
    package var file: URL? {
        switch source {
        case .file(let path), .member(_, let path), .cutArchive(let path): path.url
        case .standardInput: nil
        }
    }

    private enum Source {
        case file(RawPath)
        /// In a tar file.
        case member(TarArchive.Member, of: RawPath)
        /// What a tar file lacks.
        case cutArchive(RawPath)
        case standardInput
    }

    static let standardInput = ImageInput(name: "-", source: .standardInput)

    /// One file, whatever its name.
    package init(file path: RawPath) {
        self.init(name: path.description, source: .file(path))
    }

    /// A picture in a tar file.
    init(_ member: TarArchive.Member, of archive: RawPath) {
        self.init(
            name: archive.appending(member.name).description,
            source: .member(member, of: archive))
    }

    /// Stands for the pictures that a tar file lost, and cannot be read.
    init(cutArchive path: RawPath) {
        self.init(name: path.description, source: .cutArchive(path))
    }

    private init(name: String, source: Source) {
        self.name = name
        self.source = source
    }

    /// - Parameter options: by default the picture is read however large it is, for those that were read once.
    package func load(_ options: PictureOptions = .unlimited) throws(PictureError) -> Picture {
        switch source {
        case .file(let path): try Picture(contentsOf: path, options: options)
        case .member(let member, _):
            try Picture(
                bytes: bytes(options),
                name: RawPath(bytes: member.name).lastComponent.description, options: options)
        case .cutArchive(let path): throw Self.cut(path)
        case .standardInput:
            try Picture(bytes: bytes(options), name: "Standard input", options: options)
        }
    }

    /// The file's bytes, or the member's.
    func bytes(_ options: PictureOptions = .unlimited) throws(PictureError) -> [UInt8] {
        let file = FileBytes(for: options)
        return switch source {
        case .file(let path): try file.read(path)
        case .member(let member, let archive):
            try file.read(archive, at: member.offset, count: member.size)
        case .cutArchive(let path): throw Self.cut(path)
        case .standardInput: try file.readStandardInput()
        }
    }

    private static func cut(_ archive: RawPath) -> PictureError {
        PictureError(
            .truncated,
            "\(archive.lastComponent.description) has no end mark, so it was probably cut off, and more "
                + "pictures may be missing than there are rows: copy it again, remove this part's rows and "
                + "run the part again.")
    }
}

extension PictureOptions {
    /// For pictures that are known not to be too large.
    package static var unlimited: PictureOptions {
        var options = PictureOptions()
        options.maximumPixels = .max
        options.maximumBytes = .max
        options.acceptsMoreFormats = true
        return options
    }
}

package import BlipPictures

/// Writes the captions of a library into its pictures' files, or sidecars beside them.
package struct LibraryWords: Sendable {
    private let library: Library
    private let options: WordWriter.Options

    /// - Parameter library: opened for writing, but for a dry run.
    package init(_ library: Library, options: WordWriter.Options) {
        self.library = library
        self.options = options
    }

    /// The captions of the library, or of some folders and files of it.
    package static func items(
        of library: Library, in places: [RawPath]
    ) throws -> [WriteRun.Item] {
        try library.captionsToWrite(in: places, unwrittenIn: nil)
    }

    /// Writes captions; those that were written there before are passed over, unless a person's words are to be
    /// replaced. A dry run tells what would be written.
    ///
    /// - Returns: how many files were written.
    @discardableResult
    package func writeNew(in places: [RawPath], json: Bool) async throws -> Int {
        let items = try library.captionsToWrite(
            in: places, unwrittenIn: options.overwrites ? nil : options.place)
        if items.isEmpty { return 0 }
        guard options.isDryRun else { return try await write(items, output: .failures) }
        try await write(items, output: json ? .json : .sentences)
        return 0
    }

    /// Writes captions, and tells what became of each.
    @discardableResult
    package func write(_ items: [WriteRun.Item], output: WriteRun.Output) async throws -> Int {
        try await WriteRun(options: options, output: output).run(items) { item, outcome in
            if outcome.isDryRun { return }
            // The library knows pictures by their bytes.
            if options.place == .embedded, !outcome.fields.isEmpty {
                try library.replaced(item.picture)
            }
            try library.noteWritten(item.caption, for: item.picture, in: options.place)
        }
    }
}

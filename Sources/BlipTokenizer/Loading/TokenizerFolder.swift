internal import BlipJSON
package import Foundation

extension WordPieceTokenizer {
    /// The tokenizer of a Hugging Face checkpoint folder.
    ///
    /// Reads tokenizer.json if it is there, else vocab.txt; in either case also
    /// tokenizer_config.json, special_tokens_map.json and added_tokens.json where they are there.
    /// Truncation and padding that tokenizer.json may ask for are left to the caller, as
    /// transformers does.
    ///
    /// As transformers 5.23's `BertTokenizer` does, which is taken where tokenizer_config.json names no
    /// other class: of tokenizer.json the vocabulary counts, and how texts are normalized, split and joined
    /// is BERT's way with the settings of tokenizer_config.json. For other classes all of it counts.
    ///
    /// - Throws: ``TokenizerError``, which names the file.
    package init(folder: URL) throws {
        let files = TokenizerFolder(url: folder)
        let settings = try TokenizerSettings(files)
        var parts: TokenizerParts
        if let json = try files.json("tokenizer.json") {
            let path = files.path("tokenizer.json")
            parts =
                settings.isBertTokenizer
                ? try TokenizerFile(vocabularyOf: json, path: path, settings: settings).parts
                : try TokenizerFile(json, path: path).parts
        } else if let bytes = try files.bytes("vocab.txt") {
            let path = files.path("vocab.txt")
            parts = TokenizerParts(
                source: path, vocabulary: try VocabularyFile.tokens(bytes, path: path))
            settings.applyNormalization(to: &parts)
        } else {
            throw TokenizerError(
                code: .missingFile,
                message: "The folder \(folder.path) has neither tokenizer.json nor vocab.txt; "
                    + "download one of them from where the checkpoint came from.")
        }
        settings.apply(to: &parts)
        if settings.isBertTokenizer { parts.addDefaultSpecialTokens() }
        try self.init(parts)
    }
}

/// The files of a folder, each of which may be missing.
struct TokenizerFolder {
    let url: URL

    func path(_ name: String) -> String {
        url.appendingPathComponent(name).path
    }

    /// `nil` if there is no such file.
    func bytes(_ name: String) throws -> [UInt8]? {
        let path = path(name)
        guard FileManager.default.fileExists(atPath: path) else { return nil }
        do {
            return Array(try Data(contentsOf: url.appendingPathComponent(name)))
        } catch {
            throw TokenizerError(
                code: .unreadableFile,
                message: "\(path) cannot be read (\(error.localizedDescription)); check that it "
                    + "is a file and may be read.")
        }
    }

    /// `nil` if there is no such file.
    func json(_ name: String) throws -> JSONValue? {
        guard let bytes = try bytes(name) else { return nil }
        do {
            return try JSONValue(parsing: bytes)
        } catch {
            throw TokenizerError(
                code: .malformedFile,
                message:
                    "\(path(name)) is not JSON (it has \(error.problem) at byte \(error.offset)); "
                    + "download it again.")
        }
    }
}

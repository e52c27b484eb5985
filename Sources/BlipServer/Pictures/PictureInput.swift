import Foundation

/// A picture as a request holds it: a file's bytes, not yet looked at, or where to fetch them.
struct PictureInput: Sendable {
    enum Source: Sendable {
        case bytes([UInt8])
        case address(PictureURL)
    }

    let source: Source
    /// What error messages call it.
    let name: String

    init(bytes: [UInt8], name: String = "The picture") {
        self.init(source: .bytes(bytes), name: name)
    }

    private init(source: Source, name: String) {
        self.source = source
        self.name = name
    }

    /// Reads base64, a data URL (RFC 2397) of it, or another URL.
    init(base64 text: String, name: String = "The picture") throws(ServiceError) {
        var payload = Substring(text)
        if text.prefix(5).lowercased() == "data:" {
            guard let comma = text.firstIndex(of: ",") else {
                throw .invalid(
                    "\(name) is a data URL without a comma; write data:image/png;base64,…")
            }
            guard text[..<comma].lowercased().hasSuffix(";base64") else {
                throw .invalid("\(name) is a data URL that is not base64; encode it as base64")
            }
            payload = text[text.index(after: comma)...]
            // As any part of a URL it may be percent-encoded.
            if payload.utf8.contains(UInt8(ascii: "%")) {
                payload = Substring(payload.removingPercentEncoding ?? "")
            }
        } else if text.prefix(16).contains(":") {
            self.init(source: .address(try PictureURL(text)), name: name)
            return
        }
        guard let bytes = Base64.bytes(of: payload) else {
            throw .invalid("\(name) is not base64, or empty; send a file's bytes as base64")
        }
        self.init(bytes: bytes, name: name)
    }

    /// Reads the pictures of a request, and refuses more than ``Limits/pictures``.
    static func list(base64 texts: [String]) throws(ServiceError) -> [PictureInput] {
        try checkCount(texts.count)
        var pictures: [PictureInput] = []
        for (index, text) in texts.enumerated() {
            pictures.append(
                try PictureInput(base64: text, name: name(index, of: texts.count)))
        }
        return pictures
    }

    /// What error messages call one of several.
    static func name(_ index: Int, of count: Int) -> String {
        count == 1 ? "The picture" : "Picture \(index + 1)"
    }

    static func checkCount(_ count: Int) throws(ServiceError) {
        guard count > 0 else {
            throw .invalid("There is no picture in the request; send one as image")
        }
        guard count <= Limits.pictures else {
            throw ServiceError(
                .badRequest, "too_many_pictures",
                "\(count) pictures are too many for one request; send at most \(Limits.pictures)")
        }
    }
}

/// Refuses too many texts, too long ones and empty ones.
func validate(texts: [String], _ what: String) throws(ServiceError) {
    guard texts.count <= Limits.texts else {
        throw .invalid(
            "\(texts.count) of \(what) are too many for one request; send at most \(Limits.texts)")
    }
    guard texts.allSatisfy({ $0.utf8.count <= Limits.textBytes }) else {
        throw ServiceError(
            .badRequest, "text_too_long",
            "A text of \(what) is too long; send at most \(Limits.textBytes) bytes")
    }
    guard texts.allSatisfy({ !$0.isBlank }) else {
        throw .invalid("A text of \(what) is empty; send words, or leave it out")
    }
}

extension String {
    /// Whether there is nothing in it to read.
    var isBlank: Bool {
        unicodeScalars.allSatisfy { scalar in
            scalar.properties.isWhitespace
                || [.control, .format].contains(scalar.properties.generalCategory)
        }
    }
}

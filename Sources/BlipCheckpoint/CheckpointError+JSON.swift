internal import BlipJSON

extension ByteView {
    /// Reads the bytes as JSON; the subject is theirs in messages, "the header".
    func jsonReader(file: String, subject: String) -> JSONReader<CheckpointError> {
        JSONReader(bytes, isStrict: true) { CheckpointError($0, file: file, subject: subject) }
    }
}

extension CheckpointError {
    fileprivate init(_ error: JSONError, file: String, subject: String) {
        let (code, remedy): (Code, String) =
            switch error.code {
            case .syntax: (.invalidJSON, Remedy.download)
            case .encoding: (.invalidUTF8, Remedy.download)
            case .repeatedName: (.duplicateName, Remedy.save)
            case .nesting: (.nestingTooDeep, Remedy.untrusted)
            }
        let place = "at its byte \(error.offset.grouped)"
        self.init(
            code, file: file, "\(subject) has \(error.problem.quotable) \(place)", remedy: remedy)
    }
}

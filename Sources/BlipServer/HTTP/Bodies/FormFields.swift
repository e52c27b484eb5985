import Foundation
import Hummingbird
import BlipWireFormats

/// The fields of a request's query or form; a field may stand there several times.
struct FormFields: Sendable {
    private let fields: [(name: String, value: String)]

    init(_ query: String?) {
        fields = (query ?? "").split(separator: "&").map { field in
            let parts = field.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            let decoded = parts.map { part in
                let spaced = part.replacing("+", with: " ")
                // What is not percent-encoding stands for itself.
                return spaced.removingPercentEncoding ?? String(spaced)
            }
            return (decoded.first ?? "", decoded.dropFirst().first ?? "")
        }
    }

    init(_ form: MultipartForm) {
        fields = form.parts.filter { !$0.isFile }.map { ($0.name, $0.text) }
    }

    func all(_ name: String) -> [String] {
        fields.filter { $0.name == name }.map(\.value)
    }

    func first(_ name: String) -> String? {
        fields.first { $0.name == name }?.value
    }

    /// Whether a flag is set: `name`, `name=1` or `name=true`.
    func flag(_ name: String) -> Bool {
        first(name).map { ["", "1", "true"].contains($0) } ?? false
    }

    func number<Number: LosslessStringConvertible>(_ name: String) throws(ServiceError) -> Number? {
        guard let text = first(name) else { return nil }
        guard let number = Number(text) else {
            throw .invalid("\(name) cannot be \(text.prefix(40)); send another number")
        }
        return number
    }
}

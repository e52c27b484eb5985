import Foundation
import Hummingbird

extension PhotoQuery {
    /// Reads a query of `/v1/search`.
    init(_ request: Request) throws(ServiceError) {
        let fields = FormFields(request.uri.query)
        let text = fields.first("text")?.trimmingCharacters(in: .whitespacesAndNewlines)
        self.init(text: text?.isEmpty == false ? text : nil)
        try validate(texts: self.text.map { [$0] } ?? [], "text")
        folder = fields.first("in").flatMap { $0.isEmpty ? nil : $0 }
        like = try Self.number("like", of: fields, 0...Int.max).map(Int64.init)
        guard like == nil || self.text == nil else {
            throw .invalid("text and like do not go together; send one of them")
        }
        since = try Self.date("since", of: fields)
        until = try Self.date("until", of: fields)
        limit = try Self.number("limit", of: fields, 1...Limits.foundPictures) ?? limit
        rerank = try Self.number("rerank", of: fields, 0...Limits.rerankedPictures) ?? 0
    }

    private static func number(
        _ name: String, of fields: FormFields, _ range: ClosedRange<Int>
    ) throws(ServiceError) -> Int? {
        guard let text = fields.first(name), !text.isEmpty else { return nil }
        guard let number = Int(text), range.contains(number) else {
            let words =
                range.upperBound == .max
                ? "from \(range.lowerBound) on" : "from \(range.lowerBound) to \(range.upperBound)"
            throw .invalid("\(name) must be a number \(words); send it so")
        }
        return number
    }

    /// 2021, 2021-07 or 2021-07-31.
    private static func date(
        _ name: String, of fields: FormFields
    ) throws(ServiceError) -> String? {
        guard let text = fields.first(name), !text.isEmpty else { return nil }
        let parts = text.split(separator: "-", omittingEmptySubsequences: false)
        let numbers = parts.compactMap { Int($0) }
        let components = DateComponents(
            year: numbers.first, month: numbers.dropFirst().first ?? 1,
            day: numbers.dropFirst(2).first ?? 1)
        guard numbers.count == parts.count,
            Array(parts.map(\.count)) == Array([4, 2, 2].prefix(parts.count)),
            components.isValidDate(in: Calendar(identifier: .gregorian))
        else {
            throw .invalid(
                "\(name) must be a day such as 2021-07-31, or a month or year; send it so")
        }
        return text
    }
}

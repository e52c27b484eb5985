import Foundation
import NIOHTTP1

/// When whoever refuses for the moment wants to be asked again.
enum RetryAfter {
    /// Answers that may be another one later, after `huggingface_hub` and CloudFront.
    static func mayPass(_ status: Int) -> Bool {
        [408, 425, 429, 500, 502, 503, 504].contains(status) || (520...529).contains(status)
    }

    /// Seconds, of `Retry-After` (a number or a date) and of a `RateLimit` that is used up; `nil`
    /// where nothing is told.
    static func seconds(_ headers: HTTPHeaders, now: Date = .now) -> Double? {
        let limits = headers["ratelimit"].flatMap {
            $0.matches(of: /r\s*=\s*0\s*;\s*t\s*=\s*(\d+)/)
        }
        // A second more: what is told is rounded.
        .compactMap { Double($0.output.1) }.map { $0 + 1 }
        let text = headers.first(name: "retry-after")?.trimmingCharacters(in: .whitespaces) ?? ""
        let isNumber = text.utf8.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
        let told = isNumber ? Double(text) : date(text).map { $0.timeIntervalSince(now) }
        return (limits + [told].compactMap(\.self)).map { max($0, 0) }.max()
    }

    private static func date(_ text: String) -> Date? {
        let format = DateFormatter()
        format.locale = Locale(identifier: "en_US_POSIX")
        format.timeZone = TimeZone(identifier: "GMT")
        format.dateFormat = "EEE, dd MMM yyyy HH:mm:ss zzz"
        return format.date(from: text)
    }
}

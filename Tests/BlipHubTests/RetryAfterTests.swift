import Foundation
import NIOHTTP1
import Testing

@testable import BlipHub

@Suite("When to ask again")
struct RetryAfterTests {
    @Test(
        arguments: [
            (["Retry-After": "3"], 3.0), (["Retry-After": " 120 "], 120), (["Retry-After": "0"], 0),
            (["Retry-After": "Wed, 21 Oct 2015 07:28:30 GMT"], 30),
            (["Retry-After": "Wed, 21 Oct 2015 07:27:00 GMT"], 0),
            (["RateLimit": "\"api\";r=0;t=55"], 56), (["ratelimit": "\"api\"; r=0; t=55"], 56),
            (["RateLimit": "\"api\";r=10;t=55"], nil),
            (["RateLimit": "\"pages\";r=3;t=9, \"api\";r=0;t=4"], 5),
            (["RateLimit": "\"api\";r=0;t=4", "Retry-After": "9"], 9), ([:], nil),
            (["Retry-After": "-1"], nil), (["Retry-After": "1e300"], nil),
            (["Retry-After": "soon"], nil),
            (["Retry-After": "nan"], nil), (["RateLimit": "nonsense"], nil),
        ] as [([String: String], Double?)])
    func headers(headers: [String: String], seconds: Double?) {
        let now = Date(timeIntervalSince1970: 1_445_412_480)
        let found = RetryAfter.seconds(HTTPHeaders(headers.map { ($0.key, $0.value) }), now: now)
        #expect(found == seconds)
    }

    @Test func statuses() {
        for status in [408, 429, 500, 502, 503, 504, 522] { #expect(RetryAfter.mayPass(status)) }
        for status in [400, 401, 403, 404, 410, 451, 501, 505, 511] {
            #expect(!RetryAfter.mayPass(status))
        }
    }
}

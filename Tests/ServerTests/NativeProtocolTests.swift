import BLIP
import Foundation
import NIOCore
import BlipPictures
import Testing

@testable import BlipServer

@Suite("The service's own protocol", .serialized)
struct NativeProtocolTests {
    @Test func aPicturesBytesAreCaptionedAsTheLibraryDoes() async throws {
        let model = try await RunningServer.model.value
        let image = try await model.encode(Picture(bytes: Sample.dogs))
        let expected = try await model.caption(image)
        try await RunningServer.with { server in
            let reply = try await server.post(
                "/v1/captions", .bytes(Sample.dogs), type: "image/png")
            #expect(reply.status == 200)
            let captions = try #require(try reply.json()["captions"] as? [[String: Any]])
            #expect(captions.count == 1)
            #expect(captions[0]["caption"] as? String == expected.text)
            #expect(captions[0]["token_ids"] as? [Int] == expected.tokenIDs)
            #expect(captions[0]["caption"] as? String == "four dogs on a yellow background")
            let timing = try #require(captions[0]["timing"] as? [String: Double])
            #expect(timing.keys.sorted() == ["decode", "preprocess", "text", "total", "vision"])
        }
    }

    @Test func severalPicturesAndQuestionsAsJSON() async throws {
        try await RunningServer.with { server in
            let reply = try await server.post(
                "/v1/answers",
                json: [
                    "images": [Sample.dogsAsURL, Sample.pigs.base64EncodedString()],
                    "questions": ["how many dogs are there?", "how many pigs are there?"],
                ])
            #expect(reply.status == 200)
            let answers = try #require(try reply.json()["answers"] as? [[String: Any]])
            #expect(answers.map { $0["image"] as? Int } == [0, 0, 1, 1])
            #expect(answers.first?["answer"] as? String == "4")
            #expect(answers.last?["answer"] as? String == "3")
            #expect(answers.first?["question"] as? String == "how many dogs are there?")
        }
    }

    @Test func base64AsProgramsSendIt() async throws {
        let plain = Sample.dogsAsBase64
        let lines = Sample.dogs.base64EncodedString(options: .lineLength76Characters)
        let urlSafe = plain.replacing("+", with: "-").replacing("/", with: "_")
        #expect(urlSafe != plain)
        let unpadded = String(plain.prefix { $0 != "=" })
        let encoded = try #require(
            plain.addingPercentEncoding(withAllowedCharacters: .alphanumerics))
        try await RunningServer.with { server in
            for text in [
                plain, lines, urlSafe, unpadded, "data:image/png;base64,\(urlSafe)",
                "data:;base64,\(encoded)",
            ] {
                let reply = try await server.post("/v1/captions", json: ["image": text])
                #expect(reply.body.contains("four dogs on a yellow background"))
            }
            let wrong = try await server.post("/v1/captions", json: ["image": "*" + plain])
            #expect(wrong.status == 400)
            #expect(wrong.body.contains("base64"))
        }
    }

    @Test func aClosedListIsRanked() async throws {
        try await RunningServer.with { server in
            let reply = try await server.post(
                "/v1/answers?question=what+color+is+the+background%3F&answer=red&answer=yellow",
                .bytes(Sample.dogs), type: "application/octet-stream")
            let answers = try #require(try reply.json()["answers"] as? [[String: Any]])
            #expect(answers[0]["answer"] as? String == "yellow")
            #expect((answers[0]["ranking"] as? [[String: Any]])?.count == 2)
        }
    }

    @Test func matches() async throws {
        try await RunningServer.with { server in
            let reply = try await server.post(
                "/v1/matches",
                json: [
                    "image": Sample.dogsAsBase64,
                    "texts": ["four dogs on a yellow background", "a cow"],
                ])
            let matches = try #require(try reply.json()["matches"] as? [[String: Any]])
            let probabilities = matches.compactMap { $0["match_probability"] as? Double }
            #expect(probabilities.count == 2)
            #expect(probabilities[0] > 0.9 && probabilities[1] < 0.1)
        }
    }

    @Test func aStreamsPiecesAreTheCaption() async throws {
        try await RunningServer.with { server in
            let reply = try await server.post(
                "/v1/captions", json: ["image": Sample.dogsAsURL, "stream": true])
            #expect(reply.headers.first(name: "content-type") == "text/event-stream")
            let events = try reply.events()
            let pieces = events.compactMap { $0?["delta"] as? String }
            #expect(pieces.count > 3)
            #expect(pieces.joined() == "four dogs on a yellow background")
            let record = try #require(events.dropLast().last ?? nil)
            #expect(
                (record["captions"] as? [[String: Any]])?.first?["caption"] as? String
                    == pieces.joined())
            #expect(try #require(events.last) == nil, "[DONE] ends it")
        }
    }

    @Test func drawnTextsRepeatWithTheirSeed() async throws {
        try await RunningServer.with { server in
            let body: [String: Any] = [
                "image": Sample.dogsAsURL, "count": 3, "temperature": 3, "seed": 7,
            ]
            let replies = [
                try await server.post("/v1/captions", json: body),
                try await server.post("/v1/captions", json: body),
            ]
            let texts = try replies.map { reply in
                (try reply.json()["captions"] as? [[String: Any]])?
                    .compactMap { $0["caption"] as? String }
            }
            #expect(texts[0]?.count == 3)
            #expect(texts[0] == texts[1])
        }
    }

    @Test(arguments: ["filename=\"dogs; a.png\"", "filename*=UTF-8''d%C3%B6gs.png"])
    func aFormIsServed(_ file: String) async throws {
        try await RunningServer.with { server in
            var body = ByteBuffer(
                string: "--X\r\nContent-Disposition: form-data; name=\"question\"\r\n\r\n"
                    + "how many dogs are there?\r\n--X\r\nContent-Disposition: form-data; "
                    + "\(file); name=\"image\"\r\nContent-Type: image/png\r\n\r\n")
            body.writeBytes(Sample.dogs)
            body.writeString("\r\n--X--\r\n")
            let reply = try await server.post(
                "/v1/answers", .bytes(body), type: "multipart/form-data; boundary=X")
            let answers = try #require(try reply.json()["answers"] as? [[String: Any]])
            #expect(answers.first?["answer"] as? String == "4")
        }
    }

    @Test func thePageLoadsNothingFromElsewhere() async throws {
        try await RunningServer.with { server in
            let page = try await server.get("/")
            #expect(page.status == 200)
            #expect(page.body.contains("<script>"))
            for trace in ["http://", "https://", "src=\"//", "innerHTML", "<link rel=\"stylesheet"]
            { #expect(!page.body.contains(trace)) }
            let policy = try #require(page.headers.first(name: "content-security-policy"))
            #expect(policy.contains("default-src 'none'"))
            #expect(policy.contains("script-src 'sha256-"))
        }
    }

    @Test func whatItRuns() async throws {
        try await RunningServer.with { server in
            let info = try await server.get("/v1/info").json()
            #expect(info["model"] as? String == "demo")
            #expect(info["tasks"] as? [String] == ["caption", "answer", "match"])
            #expect(info["version"] as? String == "1.2.3")
        }
    }
}

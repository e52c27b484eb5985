import BLIP
import BlipPictures
import Foundation
import Testing

@testable import BlipServer

@Suite("Pictures of a size that requests choose", .serialized)
struct ImageSizeTests {
    @Test func tokensAreThoseOfTheLibrary() async throws {
        let model = try await RunningServer.model.value
        let image = try await model.encode(Picture(bytes: Sample.dogs), imageSize: 64)
        let small = try await model.caption(image).tokenIDs
        let whole = try await model.caption(model.encode(Picture(bytes: Sample.dogs))).tokenIDs
        var configuration = ServiceConfiguration()
        configuration.imageSizes = [64]
        try await RunningServer.with(configuration) { server in
            // The same picture in both sizes: neither is taken from the cache for the other.
            for (query, expected) in [
                ("", whole), ("?image_size=64", small), ("?image_size=112", whole),
                ("?image_size=64", small),
            ] {
                let reply = try await server.post(
                    "/v1/captions\(query)", .bytes(Sample.dogs), type: "image/png")
                #expect(reply.status == 200)
                let captions = try reply.json()["captions"] as? [[String: Any]]
                #expect(captions?.first?["token_ids"] as? [Int] == expected, "\(query)")
            }
            let answer = try await server.post(
                "/v1/answers",
                json: [
                    "image": Sample.dogsAsBase64, "image_size": 64,
                    "question": "how many dogs are there?",
                ])
            #expect(answer.status == 200)
            let info = try await server.get("/v1/info").json()
            #expect(info["image_sizes"] as? [Int] == [64, 112])
        }
    }

    /// The cache of pictures has room for so many of the largest size that is offered.
    @Test func largePicturesTakeMoreOfTheCache() async throws {
        let configuration = try await RunningServer.model.value.configuration
        let own = configuration.encodedBytes(sized: 0)
        #expect(configuration.encodedBytes(sized: 64) == own)
        #expect(configuration.encodedBytes(sized: 224) > 3 * own)
    }

    @Test func otherSizesAreRefused() async throws {
        try await RunningServer.with { server in
            for size in ["64", "0", "-5", "999999999999", "x"] {
                let reply = try await server.post(
                    "/v1/captions?image_size=\(size)", .bytes(Sample.dogs), type: "image/png")
                #expect(reply.status == 400, "\(size)")
                #expect(reply.body.contains("image_size cannot be"), "\(reply.body)")
            }
        }
    }
}

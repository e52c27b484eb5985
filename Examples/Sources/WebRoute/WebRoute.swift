import BLIP
import BlipDemoModel
import BlipPictures
import Foundation
import Hummingbird

/// A web service with one route, which captions the picture in a request's body.
///
///     swift run WebRoute
///     curl --data-binary @../Samples/four-dogs.png http://127.0.0.1:8081/caption
@main
struct WebRoute {
    static func main() async throws {
        let model = try BlipModel(folder: DemoModel.folder)
        let router = Router()
        router.post("/caption") { request, _ in
            let body = try await request.body.collect(upTo: 32 << 20)
            let picture: Picture
            do {
                picture = try Picture(bytes: Data(buffer: body))
            } catch {
                throw HTTPError(.badRequest, message: "\(error)")
            }
            // Requests that come at the same time share a batch.
            return try await model.caption(picture).text
        }
        let application = Application(
            router: router, configuration: .init(address: .hostname("127.0.0.1", port: 8081)))
        try await application.runService()
    }
}

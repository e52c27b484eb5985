import BLIP
import BlipPictures
import Foundation
import NIOCore
import Testing

@testable import BlipServer

/// The page of cameras and what it asks, over a watch that is made up.
@Suite("Cameras")
struct CameraTests {
    private actor MadeUpWatch: CameraMonitor {
        var isPaused = false
        var looks = 0
        var taught: [String] = []

        func cameras() -> [CameraRecord] {
            ["front", "back"].map {
                CameraRecord(
                    name: $0, title: "<b>\($0)</b>", available: $0 == "front", paused: isPaused,
                    reason: nil, lastFrame: nil, frames: 3, restarts: 0)
            }
        }
        func sensors() -> [SensorRecord] {
            [("door", ["open", "closed"] as [String]?), ("words", nil)].map { name, states in
                SensorRecord(
                    name: name, title: name, camera: "front", question: "is it open?",
                    region: [[0, 0], [1, 0], [1, 1]], state: nil, probability: nil, since: nil,
                    states: states)
            }
        }
        func events() -> [CameraEventRecord] {
            [
                CameraEventRecord(
                    time: "2026-11-27T20:31:00.250Z", camera: "front", sensor: "door",
                    state: "open",
                    previous: nil, probability: 0.9)
            ]
        }
        func frame(of camera: String) -> Picture? {
            camera == "front"
                ? try? Picture(width: 4, height: 2, rgb: [UInt8](repeating: 9, count: 24)) : nil
        }
        func setPaused(_ isPaused: Bool, camera: String) { self.isPaused = isPaused }
        func look(at camera: String) { looks += 1 }
        func teach(
            _ picture: Picture, name: String, sensor: String, state: String
        ) throws -> TeachingRecord {
            if name == "twin" { throw CameraRefusal("The folder is full; make room") }
            taught.append("\(name) \(sensor) \(state) \(picture.width)")
            return TeachingRecord(pictures: [state: 1], accuracy: nil, warning: "Too few")
        }
        func gauges() -> [Metrics.Gauge] { [.init(name: "blip_camera_available", value: 1)] }
    }

    private func withCameras(
        keys: [String]? = nil, _ body: (RunningServer, MadeUpWatch) async throws -> Void
    ) async throws {
        let watch = MadeUpWatch()
        var configuration = ServiceConfiguration(apiKeys: keys.map { APIKeys($0) })
        configuration.cameras = watch
        try await RunningServer.with(configuration) { try await body($0, watch) }
    }

    @Test func whatThePageReads() async throws {
        try await withCameras { server, _ in
            let page = try await server.get("/cameras")
            #expect(page.status == 200 && page.body.contains("<script>"))
            #expect(!page.body.contains("innerHTML"))
            let policy = try #require(page.headers.first(name: "content-security-policy"))
            #expect(policy.contains("script-src 'sha256-"))
            let overview = try await server.get("/v1/cameras").json()
            #expect((overview["cameras"] as? [[String: Any]])?.count == 2)
            #expect((overview["sensors"] as? [[String: Any]])?.count == 2)
            #expect((overview["events"] as? [[String: Any]])?.first?["state"] as? String == "open")
            let frame = try await server.get("/v1/cameras/front/frame")
            #expect(frame.headers.first(name: "content-type") == "image/jpeg")
            #expect(try Picture(bytes: Array(buffer: frame.bytes)).width == 4)
            for camera in ["back", "side"] {
                let missing = try await server.get("/v1/cameras/\(camera)/frame")
                #expect(missing.status == 404)
            }
            let metrics = try await server.get("/metrics")
            #expect(metrics.body.contains("blip_camera_available 1\n"))
            let info = try await server.get("/v1/info").json()
            #expect(info["cameras"] as? String == "/cameras")
        }
    }

    @Test func commands() async throws {
        try await withCameras { server, watch in
            let paused = try await server.post(
                "/v1/cameras/front/pause", .bytes(ByteBuffer(string: #"{"paused":true}"#)))
            #expect(paused.status == 200)
            #expect(await watch.isPaused)
            let look = try await server.post(
                "/v1/cameras/front/look", .bytes(ByteBuffer(string: "{}")))
            #expect(look.status == 202)
            #expect(await watch.looks == 1)
        }
    }

    /// What a page of another origin may send without asking first changes nothing.
    @Test func formsAndPlainTextChangeNothing() async throws {
        try await withCameras { server, watch in
            for type in ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data"] {
                for path in [
                    "/v1/cameras/front/pause", "/v1/cameras/front/look",
                    "/v1/sensors/door/pictures?state=open&name=a",
                ] {
                    let reply = try await server.post(
                        path, .bytes(ByteBuffer(string: #"{"paused":true}"#)), type: type)
                    #expect(reply.status == 415)
                }
            }
            #expect(await !watch.isPaused)
            #expect(await watch.looks == 0)
            #expect(await watch.taught.isEmpty)
        }
    }

    @Test func teaching() async throws {
        try await withCameras { server, watch in
            func teach(_ sensor: String, _ query: String) async throws -> RunningServer.Reply {
                try await server.post(
                    "/v1/sensors/\(sensor)/pictures?\(query)", .bytes(Sample.dogs),
                    type: "image/png")
            }
            let record = try await teach("door", "state=open&name=front-1").json()
            #expect(record["warning"] as? String == "Too few")
            #expect(await watch.taught.first?.hasPrefix("front-1 door open ") == true)
            for (sensor, query, status) in [
                ("gate", "state=open&name=a", 404), ("door", "state=ajar&name=a", 400),
                ("words", "state=open&name=a", 400), ("door", "state=open", 400),
                ("door", "state=open&name=..%2Fa", 400),
            ] {
                let reply = try await teach(sensor, query)
                #expect(reply.status == status, "\(query)")
            }
            let refused = try await teach("door", "state=open&name=twin")
            #expect(refused.status == 422 && refused.body.contains("make room"))
            let broken = try await server.post(
                "/v1/sensors/door/pictures?state=open&name=a",
                .bytes(ByteBuffer(string: "no picture")), type: "image/jpeg")
            #expect(broken.status == 415)
            #expect(await watch.taught.count == 1)
        }
    }

    @Test func theSameKeys() async throws {
        try await withCameras(keys: ["key"]) { server, _ in
            for path in ["/cameras", "/v1/cameras", "/v1/cameras/front/frame"] {
                let reply = try await server.get(path)
                #expect(reply.status == 401)
            }
        }
    }

    @Test func withoutAWatch() async throws {
        try await RunningServer.with { server in
            let page = try await server.get("/cameras")
            #expect(page.status == 404)
            let info = try await server.get("/v1/info").json()
            #expect(info["cameras"] == nil)
        }
    }
}

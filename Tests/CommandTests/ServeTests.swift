import AsyncHTTPClient
import Foundation
import Subprocess
import Testing

#if canImport(System)
    import System
#else
    import SystemPackage
#endif

#if canImport(FoundationNetworking)
    import FoundationNetworking
#endif

@Suite("blip serve")
struct ServeTests {
    @Test func itSaysWhereAndEndsWhenTold() async throws {
        let status = try await whileServing { url, server in
            let caption = try await caption(from: url)
            #expect(caption.contains("four dogs on a yellow background"))
            kill(server.value, SIGTERM)
        }
        #expect(status == .exited(0))
    }

    /// A request that does not end would be waited for, were it not for the second signal.
    ///
    /// A shell sends both: a busy machine keeps a task of the tests waiting for longer than the
    /// server waits for the rest of a request. Signals that come at once are one, so it goes on.
    @Test func aSecondSignalEndsAtOnce() async throws {
        let status = try await whileServing { url, server in
            let script = """
                exec 3<>/dev/tcp/127.0.0.1/$1
                printf 'POST /v1/captions HTTP/1.1\\r\\nHost: a\\r\\nContent-Length: 9\\r\\n\\r\\n{' >&3
                sleep 2
                for _ in 1 2 3 4 5 6; do sleep 0.3; kill -TERM $2 || exit 0; done
                """
            let port = try #require(url.port)
            _ = try await Subprocess.run(
                .name("bash"), arguments: ["-c", script, "bash", "\(port)", "\(server.value)"],
                output: .discarded, error: .discarded)
        }
        #expect(status == .exited(128 + SIGTERM))
    }

    @Test func aHangUpHasItReadItsKeysAgainAndLogsAreJSON() async throws {
        let keys = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
        defer { try? FileManager.default.removeItem(at: keys) }
        try Data("old".utf8).write(to: keys)
        let log = keys.appendingPathExtension("log")
        defer { try? FileManager.default.removeItem(at: log) }
        try Data().write(to: log)
        let arguments = ["--api-key-file", keys.path, "--log-format", "json"]
        let status = try await whileServing(arguments, log: log.path) { url, server in
            // Foundation's client never answers where a server asks for a password.
            let status = { (key: String) async throws in
                var request = HTTPClientRequest(url: "\(url)v1/info")
                request.headers.add(name: "x-api-key", value: key)
                return try await HTTPClient.shared.execute(request, timeout: .seconds(60)).status
                    .code
            }
            #expect(try await status("old") == 200)
            try Data("new".utf8).write(to: keys)
            kill(server.value, SIGHUP)
            while try await status("new") != 200 { try await Task.sleep(for: .milliseconds(10)) }
            #expect(try await status("old") == 401)
            kill(server.value, SIGTERM)
        }
        #expect(status == .exited(0))
        let lines = try String(contentsOf: log, encoding: .utf8).split(separator: "\n").filter {
            $0.hasPrefix("{")
        }.map { line in
            try #require(
                JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: String])
        }
        #expect(lines.contains { $0["message"] == "read keys and certificate again" })
        let requests = lines.filter { $0["message"] == "request" }
        #expect(requests.first?["path"] == "/v1/info")
        #expect(requests.last?["status"] == "401")
        #expect(lines.filter { $0["level"] != "info" || $0["time"]?.hasSuffix("Z") != true } == [])
    }

    /// Runs the program, and `body` once it has said its address; ends when the program does.
    private func whileServing(
        _ arguments: [String] = [], log: String = "/dev/null",
        _ body: (URL, ProcessIdentifier) async throws -> Void
    ) async throws -> TerminationStatus {
        let log = try FileDescriptor.open(FilePath(log), .writeOnly)
        return try await Subprocess.run(
            .path(FilePath(BlipProgram.path)),
            arguments: .init(
                ["serve", "--port", "0", "--no-cache", "--device", "CPU"] + arguments),
            environment: .custom(["HOME": FileManager.default.temporaryDirectory.path]),
            input: .none, output: .sequence,
            error: .fileDescriptor(log, closeAfterSpawningProcess: true)
        ) { execution in
            defer { try? execution.send(signal: .kill) }
            // The address is its only line; its standard output ends when the program does.
            for try await line in execution.standardOutput.strings() {
                let url = try #require(URL(string: line.trimmingCharacters(in: .newlines)))
                try await body(url, execution.processIdentifier)
            }
        }.terminationStatus
    }

    private func caption(from url: URL) async throws -> String {
        var request = URLRequest(url: url.appending(path: "v1/captions"))
        request.httpMethod = "POST"
        request.setValue("image/png", forHTTPHeaderField: "content-type")
        let picture = Repository.root.appending(path: "Samples/four-dogs.png")
        let (data, _) = try await URLSession.shared.upload(
            for: request, from: Data(contentsOf: picture))
        return String(decoding: data, as: UTF8.self)
    }

    @Test func wrongUse() async throws {
        #expect(try await BlipProgram.run("serve", "--port", "70000").status == 64)
        for option in ["--drain-seconds=-1", "--idle-seconds=0", "--request-seconds=0"] {
            let wrong = try await BlipProgram.run("serve", option)
            #expect(wrong.status == 64)
            #expect(wrong.errors.contains(option.prefix { $0 != "=" } + " wants a number"))
        }
        let missing = try await BlipProgram.run("serve", "--api-key-file", "/nowhere/keys")
        #expect(missing.status == 64)
        #expect(missing.errors.contains("/nowhere/keys"))
        let host = try await BlipProgram.run("serve", "--host", "nosuchhost.invalid", "--no-cache")
        #expect(host.status == 69)
        #expect(host.errors.contains("There is no host called nosuchhost.invalid"))
        let address = try await BlipProgram.run(
            "serve", "--host", "192.0.2.1", "--port", "0", "--no-cache")
        #expect(address.status == 69, "\(address.errors)")
        #expect(address.errors.contains("192.0.2.1 is no address of this machine"))
    }

    @Test func aTakenPort() async throws {
        let status = try await whileServing { url, server in
            let port = "\(try #require(url.port))"
            let second = try await BlipProgram.run("serve", "--port", port, "--no-cache")
            #expect(second.status == 69)
            #expect(second.errors.contains("Port \(port) of 127.0.0.1 is taken"))
            kill(server.value, SIGTERM)
        }
        #expect(status == .exited(0))
    }
}

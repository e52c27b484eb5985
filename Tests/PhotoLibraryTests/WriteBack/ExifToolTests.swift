import BlipPictures
import Foundation
import Testing

@testable import PhotoLibrary

@Suite struct ExifToolTests {
    @Test func aMissingToolIsNamed() async throws {
        let tool = ExifTool(program: "no-such-exiftool")
        let error = await #expect(throws: ExifToolError.self) { try await tool.execute(["-ver"]) }
        #expect(error?.code == .missing)
        #expect(error?.description.contains("libimage-exiftool-perl") == true)
        await tool.close()
    }

    @Test(.enabled(if: hasExifTool)) func manyTasksShareOne() async throws {
        try await ExifTool.withTool { tool in
            try await withThrowingTaskGroup(of: (Int, String).self) { group in
                for number in 0..<50 {
                    group.addTask {
                        let reply = try await tool.execute(["-echo", "number \(number)"])
                        return (number, String(decoding: reply.output, as: UTF8.self))
                    }
                }
                for try await (number, output) in group {
                    #expect(output.hasPrefix("number \(number)\n"), "\(output)")
                }
            }
        }
    }

    @Test(.enabled(if: hasExifTool)) func oneThatTakesTooLongIsEndedAndStartedAgain() async throws {
        let folder = try PhotoFolder()
        // Hangs the first time.
        let script = try folder.write(
            """
            #!/bin/sh
            if [ -e "$0.hung" ]; then exec exiftool "$@"; fi
            touch "$0.hung"
            exec sleep 600
            """, to: "slow")
        #expect(script.withCString { chmod($0, 0o700) } == 0)
        let tool = ExifTool(program: script.description, timeout: .seconds(3))
        let error = await #expect(throws: ExifToolError.self) { try await tool.execute(["-ver"]) }
        #expect(error?.code == .ended)
        let reply = try await tool.execute(["-ver"])
        #expect(Double(String(decoding: reply.output, as: UTF8.self).prefix(5)) ?? 0 > 10)
        await tool.close()
    }

    /// One that crashes, or that the system ends for its memory: writing to it ends nothing but the command.
    @Test(.timeLimit(.minutes(2))) func oneThatIsGoneEndsNoProgram() async throws {
        let folder = try PhotoFolder()
        let script = try folder.write("#!/bin/sh\nexit 1\n", to: "gone")
        #expect(script.withCString { chmod($0, 0o700) } == 0)
        let tool = ExifTool(program: script.description)
        for _ in 0..<30 {
            let error = await #expect(throws: ExifToolError.self) {
                try await tool.execute([String(repeating: "a", count: 100_000)])
            }
            #expect(error?.code == .ended)
        }
        await tool.close()
    }

    @Test func anArgumentIsALine() async throws {
        let tool = ExifTool()
        await #expect(throws: ExifToolError.self) { try await tool.execute(["-Make=a\n-execute"]) }
        await tool.close()
    }
}

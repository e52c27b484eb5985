#if os(Linux)
    import BlipPictures
    import Foundation
    import Testing

    @testable import BLIP

    @Suite("Memory where shapes are fixed")
    struct FixedShapeMemoryTests {
        /// In a process of its own: what other suites take meanwhile must not count.
        @Test func staysFlatOverAThousandDifferingRequests() async {
            await #expect(processExitsWith: .success) {
                let requests = try DifferingRequests()
                // The first quarter warms up.
                var resident: [Int] = []
                for quarter in 0..<4 {
                    try await requests.run(quarter: quarter)
                    // Graphs that were let go of long ago may still wait for the allocator.
                    ProcessMemory.releaseFreed()
                    resident.append(try DifferingRequests.residentBytes())
                }
                // A leak of 20 KB a request would be 15 MB from the first quarter's end to the last's. What is taken
                // once and kept may come at any time, but not in each quarter.
                let growth = resident[3] - resident[0]
                let least = zip(resident, resident.dropFirst()).map { $1 - $0 }.min() ?? growth
                // A trap, not an expectation: what fails in a child must show in its exit.
                precondition(growth < 8 << 20 || least < 1 << 20, "grew to \(resident) bytes")
            }
        }
    }

    /// Requests of which no two are alike, with graphs that are made for a few sizes: three kinds in turn, so that
    /// those of the kind before are let go of and compiled again.
    private struct DifferingRequests {
        private static let quarter = 250
        private static let words = "the dog on a red chair by two cats near the blue lake"
            .split(separator: " ")
        private let model: BlipModel

        init() throws {
            model = try BlipModel(
                folder: Record.fixtures.appending(path: "checkpoints/all-tasks"),
                options: RuntimeOptions(device: "CPU", precision: .f32, shapes: .fixed))
        }

        func run(quarter: Int) async throws {
            for place in 0..<Self.quarter {
                try await run(quarter * Self.quarter + place, kind: place * 3 / Self.quarter)
            }
        }

        private func run(_ number: Int, kind: Int) async throws {
            let count = number % 2 == 0 ? 1 : 3
            let prepared = try model.prepare(picture(number), imageSize: kind == 2 ? 64 : nil)
            let images = try await model.encode(Array(repeating: prepared, count: count))
            let text = text(number)
            // Of one length all: rows that end early would be sizes of their own.
            let length = 8 + number % 4
            let options = GenerationOptions(maximumLength: length, minimumLength: length)
            let prompt = kind == 0 ? text : ""
            let captions = try await model.captions(of: images, prompt: prompt, options: options)
            precondition(captions.count == count)
            if kind == 1 {
                let questions = images.map { Question(text, about: $0) }
                let answers = try await model.answers(to: questions, options: options)
                precondition(answers.count == count)
            } else {
                let matches = try await model.match(images.map { TextImagePair(text, with: $0) })
                precondition(matches.count == count)
            }
        }

        /// The sizes have no common factor: their pairs repeat after thousands.
        private func picture(_ number: Int) throws -> Picture {
            let (width, height) = (20 + number % 61, 20 + number % 53)
            let rgb = [UInt8](
                repeating: UInt8(truncatingIfNeeded: number), count: 3 * width * height)
            return try Picture(width: width, height: height, rgb: rgb)
        }

        /// One to five words.
        private func text(_ number: Int) -> String {
            (0..<1 + number % 5)
                .map { Self.words[(number / (1 + 3 * $0) + $0) % Self.words.count] }
                .joined(separator: " ")
        }

        /// See proc_pid_statm(5): pages, the program's size, then what is resident of it.
        static func residentBytes() throws -> Int {
            let text = try String(contentsOfFile: "/proc/self/statm", encoding: .utf8)
            return try #require(Int(text.split(separator: " ")[1])) * sysconf(Int32(_SC_PAGESIZE))
        }
    }
#endif

import Testing

@testable import BlipWireFormats

@Suite("Frames of the worker")
struct FrameTests {
    /// A stream that gives at most so many bytes at a time.
    private func reader(
        _ bytes: [UInt8], step: Int = .max, limits: FrameLimits = FrameLimits()
    ) -> FrameReader {
        var rest = bytes[...]
        return FrameReader(limits: limits) { maximum in
            let next = Array(rest.prefix(min(maximum, step)))
            rest = rest.dropFirst(next.count)
            return next
        }
    }

    private let frames = [
        Frame(json: Array("{}".utf8)), Frame(json: Array(#"{"id":1}"#.utf8), payload: [1, 2, 3]),
    ]

    @Test func lengthsStandMostSignificantByteFirst() {
        #expect(frames[1].bytes.prefix(8) == [0, 0, 0, 8, 0, 0, 0, 3])
        #expect(frames[1].bytes.count == 8 + 8 + 3)
    }

    @Test(arguments: [1, 3, 1_000]) func framesOneAfterAnother(step: Int) throws {
        let reader = reader(frames.flatMap(\.bytes), step: step)
        #expect(try reader.next() == frames[0])
        #expect(try reader.next() == frames[1])
        #expect(try reader.next() == nil)
    }

    @Test func whatIsAnnouncedTakesNoMemory() throws {
        let huge = reader([0, 0, 0, 2, 255, 255, 255, 255])
        let error = #expect(throws: WireFormatError.self) { try huge.next() }
        #expect(error?.message.contains("4294967295 bytes behind its JSON") == true)
        // As much as is allowed, of which nothing comes.
        let allowed = reader([0, 16, 0, 0, 32, 0, 0, 0])
        #expect(throws: WireFormatError.self) { try allowed.next() }
    }

    @Test func otherStreams() {
        for text in ["GET / HTTP/1.1\r\n\r\n", "{\"id\": 1}", "\0\0\0\0\0\0\0\0"] {
            let error = #expect(throws: WireFormatError.self) {
                try reader(Array(text.utf8)).next()
            }
            #expect(error?.message.contains("bytes of JSON") == true, "\(text)")
        }
    }

    @Test func endsInTheMiddle() {
        let whole = frames[1].bytes
        for count in 1..<whole.count {
            let error = #expect(throws: WireFormatError.self) {
                try reader(Array(whole.prefix(count))).next()
            }
            #expect(error?.message.contains("in the middle of one") == true, "\(count)")
        }
    }

    /// The fuzz target's body on the same mutated streams in every run: what is accepted, written
    /// again, is what was read.
    @Test func mutatedStreams() throws {
        var generator = SeededGenerator(state: 18)
        var accepted = 0
        for _ in 0..<4_000 {
            var bytes = frames.flatMap(\.bytes)
            for _ in 0..<Int.random(in: 1...3, using: &generator) where !bytes.isEmpty {
                let place = Int.random(in: bytes.indices, using: &generator)
                switch Int.random(in: 0..<3, using: &generator) {
                case 0: bytes[place] = .random(in: 0...255, using: &generator)
                case 1: bytes.remove(at: place)
                default: bytes.insert(.random(in: 0...255, using: &generator), at: place)
                }
            }
            #expect(FrameFuzzTarget.frames(bytes), "\(bytes)")
            if (try? reader(bytes).next()) != nil { accepted += 1 }
        }
        #expect(accepted > 0 && accepted < 4_000)
    }
}

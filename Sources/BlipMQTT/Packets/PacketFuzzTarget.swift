import NIOCore

/// What the fuzzer and the tests' mutations call.
enum PacketFuzzTarget {
    /// Reads all packets of the bytes.
    ///
    /// - Returns: how many.
    /// - Throws: ``MQTTError`` for what is no packet.
    static func packets(_ bytes: some Sequence<UInt8>) throws -> Int {
        var buffer = ByteBuffer(bytes: bytes)
        var count = 0
        while try PacketDecoder(maximumBytes: 1 << 16).next(in: &buffer) != nil { count += 1 }
        return count
    }

    /// Whether the bytes give the same packets, or the same refusal, in two pieces; the first byte tells
    /// where they are cut.
    static func isSound(_ bytes: UnsafeRawBufferPointer) -> Bool {
        let rest = bytes.dropFirst()
        let cut = min(Int(bytes.first ?? 0), rest.count)
        return outcome(of: [Array(rest)])
            == outcome(of: [Array(rest.prefix(cut)), Array(rest.dropFirst(cut))])
    }

    private struct Outcome: Equatable {
        var packets: [IncomingPacket] = []
        var error: MQTTError?
    }

    private static func outcome(of pieces: [[UInt8]]) -> Outcome {
        let decoder = PacketDecoder(maximumBytes: 1 << 16)
        var buffer = ByteBuffer()
        var outcome = Outcome()
        for piece in pieces where outcome.error == nil {
            buffer.writeBytes(piece)
            do {
                while let packet = try decoder.next(in: &buffer) { outcome.packets.append(packet) }
            } catch {
                outcome.error = error
            }
        }
        return outcome
    }
}

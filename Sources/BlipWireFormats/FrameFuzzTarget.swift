/// The reader of frames as a function of bytes, for the fuzzer (Fuzz/) and the mutation tests.
enum FrameFuzzTarget {
    /// - Returns: whether the frames that were accepted are the beginning of the bytes, as they stand there.
    static func frames(_ bytes: [UInt8]) -> Bool {
        var rest = bytes[...]
        // Limits that mutated lengths may pass.
        var limits = FrameLimits()
        limits.payload = 1 << 16
        let reader = FrameReader(limits: limits) { maximum in
            let next = Array(rest.prefix(maximum))
            rest = rest.dropFirst(next.count)
            return next
        }
        var accepted: [UInt8] = []
        while let frame = try? reader.next() { accepted += frame.bytes }
        return bytes.starts(with: accepted)
    }
}

/// The inner loops of resizing.
///
/// Unsafe pointers, since each loop runs millions of times: ``ResamplingWeights`` keeps every
/// range within the source axis, and callers pass whole rows.
enum ResizingPass {
    /// Half of the fixed-point unit, so that the shift at the end rounds.
    private static let half: Int32 = 1 << (ResamplingWeights.precision - 1)

    private static func clip(_ sum: Int32) -> UInt8 {
        UInt8(truncatingIfNeeded: max(0, min(255, sum >> ResamplingWeights.precision)))
    }

    /// One row of RGB pixels, weighed along the row.
    static func row(
        _ source: UnsafePointer<UInt8>, _ target: UnsafeMutablePointer<UInt8>,
        _ weights: ResamplingWeights, width: Int
    ) {
        weights.weights.withUnsafeBufferPointer { all in
            for position in 0..<width {
                var (red, green, blue) = (half, half, half)
                let base = position * weights.stride
                var pixel = source + weights.first[position] * 3
                for offset in 0..<weights.count[position] {
                    let weight = all[base + offset]
                    // Sums fit: weights add up to 1 << 22, and their magnitudes to less than twice that.
                    red &+= Int32(pixel[0]) &* weight
                    green &+= Int32(pixel[1]) &* weight
                    blue &+= Int32(pixel[2]) &* weight
                    pixel += 3
                }
                target[position * 3] = clip(red)
                target[position * 3 + 1] = clip(green)
                target[position * 3 + 2] = clip(blue)
            }
        }
    }

    /// One row of bytes, weighed down the columns: whole source rows are added up, which
    /// compilers turn into vector instructions.
    static func column(
        _ source: UnsafePointer<UInt8>, _ target: UnsafeMutablePointer<UInt8>,
        _ weights: ResamplingWeights, row: Int, rowBytes: Int
    ) {
        withUnsafeTemporaryAllocation(of: Int32.self, capacity: rowBytes) { sums in
            sums.initialize(repeating: half)
            for offset in 0..<weights.count[row] {
                let weight = weights.weights[row * weights.stride + offset]
                let line = source + (weights.first[row] + offset) * rowBytes
                for index in 0..<rowBytes { sums[index] &+= Int32(line[index]) &* weight }
            }
            for index in 0..<rowBytes { target[index] = clip(sums[index]) }
        }
    }
}

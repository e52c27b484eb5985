#if os(Linux)
    import CAllocator

    /// The processors that a process may run on; how many they are decides how many threads libraries make.
    package struct ProcessorSet {
        /// A bit each.
        private var mask: [UInt8]

        /// `nil` where the system does not tell.
        package static var ofThisProcess: ProcessorSet? {
            // Of 65,536 processors, more than Linux can have.
            var mask = [UInt8](repeating: 0, count: 1 << 13)
            let count = mask.withUnsafeMutableBytes {
                processors_of_process($0.baseAddress, $0.count)
            }
            guard count > 0 else { return nil }
            return ProcessorSet(mask: Array(mask.prefix(count)))
        }

        package var count: Int { mask.reduce(0) { $0 + $1.nonzeroBitCount } }

        /// Their numbers, as the system counts them.
        package var numbers: [Int] {
            mask.enumerated().flatMap { place, byte in
                (0..<8).filter { byte & 1 << $0 != 0 }.map { 8 * place + $0 }
            }
        }

        /// Keeps this thread, and what it starts, to the first so many.
        ///
        /// - Returns: whether the system did so.
        package func keep(_ count: Int) -> Bool {
            var left = count
            let kept = mask.map { byte in
                (0..<8).reduce(into: 0 as UInt8) { kept, bit in
                    guard byte & 1 << bit != 0, left > 0 else { return }
                    kept |= 1 << bit
                    left -= 1
                }
            }
            return kept.withUnsafeBytes { processors_keep_process($0.baseAddress, $0.count) } == 0
        }
    }
#endif

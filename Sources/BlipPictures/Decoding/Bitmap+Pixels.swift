extension Bitmap {
    /// RGB, rows from top to bottom, and whether all of it was there; what was not is black.
    func pixels(of bytes: UnsafeRawBufferPointer) -> (rgb: [UInt8], isWhole: Bool) {
        if case .runs(let bits) = packing { return expanded(bytes, bits) }
        var rgb = [UInt8](repeating: 0, count: width * height * 3)
        let bits: Int
        switch packing {
        case .palette(let width), .runs(let width): bits = width
        case .masks(let count, _): bits = 8 * count
        }
        // Rows begin at multiples of four bytes.
        let stride = (width * bits + 31) / 32 * 4
        for row in 0..<height {
            let place = start + row * stride
            guard place + (width * bits + 7) / 8 <= bytes.count else { return (rgb, false) }
            let target = (isTopDown ? row : height - 1 - row) * width * 3
            switch packing {
            case .palette, .runs: unpack(bytes, place, bits, into: &rgb, target)
            case .masks(let count, let masks):
                unpack(bytes, place, count, masks, into: &rgb, target)
            }
        }
        return (rgb, true)
    }

    private func unpack(
        _ bytes: UnsafeRawBufferPointer, _ place: Int, _ bits: Int, into rgb: inout [UInt8],
        _ target: Int
    ) {
        for column in 0..<width {
            let bit = column * bits
            let shift = 8 - bits - bit % 8
            let index = Int(bytes[place + bit / 8]) >> shift & (1 << bits - 1)
            set(&rgb, target + 3 * column, index)
        }
    }

    private func unpack(
        _ bytes: UnsafeRawBufferPointer, _ place: Int, _ count: Int, _ masks: [UInt32],
        into rgb: inout [UInt8], _ target: Int
    ) {
        let channels = masks.map { mask in
            (mask, mask.trailingZeroBitCount, mask >> mask.trailingZeroBitCount)
        }
        for column in 0..<width {
            var pixel: UInt32 = 0
            for byte in 0..<count {
                pixel |= UInt32(bytes[place + column * count + byte]) << (8 * byte)
            }
            for (index, (mask, shift, largest)) in channels.enumerated() {
                let value = (pixel & mask) >> shift
                // Of 8 bits as it is; fewer are stretched, and the fraction dropped, as Pillow does.
                rgb[target + 3 * column + index] =
                    largest == 255 ? UInt8(value) : UInt8(UInt64(value) * 255 / UInt64(largest))
            }
        }
    }

    private func set(_ rgb: inout [UInt8], _ place: Int, _ index: Int) {
        // Beyond the palette is black.
        guard index < palette.count else { return }
        (rgb[place], rgb[place + 1], rgb[place + 2]) = palette[index]
    }

    /// Runs of pixels, and pixels one by one; an escape ends a row or the picture, or moves on. What is
    /// passed over has the palette's first colour.
    private func expanded(_ bytes: UnsafeRawBufferPointer, _ bits: Int) -> ([UInt8], Bool) {
        var indices = [UInt8](repeating: 0, count: width * height)
        var (x, y, offset, isWhole) = (0, 0, start, false)
        func next() -> Int? {
            guard offset >= 0, offset < bytes.count else { return nil }
            defer { offset += 1 }
            return Int(bytes[offset])
        }
        func put(_ index: Int) {
            if x < width, y < height { indices[y * width + x] = UInt8(index) }
            x += 1
        }
        func nibble(_ pair: Int, _ position: Int) -> Int {
            bits == 8 ? pair : position.isMultiple(of: 2) ? pair >> 4 : pair & 15
        }
        reading: while y < height {
            guard let count = next(), let value = next() else { break }
            if count > 0 {
                for position in 0..<count { put(nibble(value, position)) }
                continue
            }
            switch value {
            case 0: (x, y) = (0, y + 1)
            case 1:
                isWhole = true
                break reading
            case 2:
                guard let right = next(), let up = next() else { break reading }
                (x, y) = (x + right, y + up)
            default:
                let begin = offset
                var pair = 0
                for position in 0..<value {
                    if bits == 8 || position.isMultiple(of: 2) {
                        guard let byte = next() else { break reading }
                        pair = byte
                    }
                    put(nibble(pair, position))
                }
                // Pairs of bytes are whole.
                offset += (offset - begin) % 2
            }
        }
        isWhole = isWhole || y >= height
        var rgb = [UInt8](repeating: 0, count: width * height * 3)
        for row in 0..<height {
            let target = (isTopDown ? row : height - 1 - row) * width * 3
            for column in 0..<width {
                set(&rgb, target + 3 * column, Int(indices[row * width + column]))
            }
        }
        return (rgb, isWhole)
    }
}

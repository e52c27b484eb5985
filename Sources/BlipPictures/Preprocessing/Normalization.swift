/// Turns 8-bit pixels into the model's floats, channel after channel.
///
/// A channel has 256 possible bytes, so each is computed once, in transformers' order of
/// operations: byte × factor in double, rounded to float; then minus mean and divided by
/// deviation, both in float.
struct Normalization {
    private let tables: [[Float]]

    /// - Parameter preprocessing: settings that ``PixelPreprocessing/validate()`` has accepted.
    init(_ preprocessing: PixelPreprocessing) {
        tables = zip(preprocessing.imageMean, preprocessing.imageStd).map { mean, deviation in
            (0...255).map { byte in
                var value = Float(byte)
                if preprocessing.doRescale {
                    value = Float(Double(byte) * preprocessing.rescaleFactor)
                }
                if preprocessing.doNormalize {
                    value = (value - Float(mean)) / Float(deviation)
                }
                return value
            }
        }
    }

    /// `3 * height * width` floats.
    func planes(of picture: Picture) -> [Float] {
        let area = picture.width * picture.height
        return [Float](unsafeUninitializedCapacity: 3 * area) { target, count in
            picture.withUnsafeBytes { source in
                for (channel, table) in tables.enumerated() {
                    // A byte is always a valid index into 256 floats.
                    table.withUnsafeBufferPointer { table in
                        for index in 0..<area {
                            target[channel * area + index] = table[Int(source[3 * index + channel])]
                        }
                    }
                }
            }
            count = 3 * area
        }
    }
}

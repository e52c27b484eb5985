extension PixelPreprocessing: Codable {
    private enum Key: String, CodingKey {
        case doResize = "do_resize"
        case size
        case resample
        case doCenterCrop = "do_center_crop"
        case cropSize = "crop_size"
        case doRescale = "do_rescale"
        case rescaleFactor = "rescale_factor"
        case doNormalize = "do_normalize"
        case imageMean = "image_mean"
        case imageStd = "image_std"
        case doConvertRGB = "do_convert_rgb"
    }

    /// Reads the keys of `preprocessor_config.json`. Missing and null ones keep BLIP's defaults;
    /// keys that do not touch pixels, such as `image_processor_type`, are passed over.
    ///
    /// - Throws: `DecodingError` for a value of the wrong type, ``PictureError`` for one that
    ///   cannot be used.
    package init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: Key.self)
        func read<Value: Decodable>(_ key: Key, into value: inout Value) throws {
            if let present = try container.decodeIfPresent(Value.self, forKey: key) {
                value = present
            }
        }
        self.init()
        try read(.doResize, into: &doResize)
        try read(.doCenterCrop, into: &doCenterCrop)
        try read(.doRescale, into: &doRescale)
        try read(.rescaleFactor, into: &rescaleFactor)
        try read(.doNormalize, into: &doNormalize)
        if let numbers = try container.decodeIfPresent(ThreeNumbers.self, forKey: .imageMean) {
            imageMean = numbers.values
        }
        if let numbers = try container.decodeIfPresent(ThreeNumbers.self, forKey: .imageStd) {
            imageStd = numbers.values
        }
        if let filter = try container.decodeIfPresent(Filter.self, forKey: .resample)?.number {
            guard let known = Resampling(rawValue: filter) else {
                throw PictureError(
                    .invalidPreprocessing,
                    """
                    The preprocessing's resample is \(filter), which is no filter of Pillow: use 3 \
                    (bicubic), 2 (bilinear), 1 (Lanczos) or 0 (nearest).
                    """)
            }
            resample = known
        }
        if let sides = try container.decodeIfPresent(Sides.self, forKey: .size) {
            size = try sides.size()
        }
        if let sides = try container.decodeIfPresent(Sides.self, forKey: .cropSize) {
            cropSize = try sides.cropSize()
        }
        // Pictures are always RGB, so both values of do_convert_rgb mean the same here.
        _ = try container.decodeIfPresent(Bool.self, forKey: .doConvertRGB)
        try validate()
    }

    /// Whatever is no number, such as a filter's name, is bilinear: so transformers 5.23's
    /// `PilBackend.resize` reads it, and the pictures of such a checkpoint's training were made.
    private struct Filter: Decodable {
        let number: Int

        init(from decoder: any Decoder) throws {
            let value = try? decoder.singleValueContainer().decode(Int.self)
            number = value ?? Resampling.bilinear.rawValue
        }
    }

    /// Writes every key of `preprocessor_config.json` that this type knows.
    package func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: Key.self)
        try container.encode(doResize, forKey: .doResize)
        try container.encode(Sides(size), forKey: .size)
        try container.encode(resample.rawValue, forKey: .resample)
        try container.encode(doCenterCrop, forKey: .doCenterCrop)
        if let cropSize {
            try container.encode(
                Sides(.exact(height: cropSize.height, width: cropSize.width)), forKey: .cropSize)
        }
        try container.encode(doRescale, forKey: .doRescale)
        try container.encode(rescaleFactor, forKey: .rescaleFactor)
        try container.encode(doNormalize, forKey: .doNormalize)
        try container.encode(imageMean, forKey: .imageMean)
        try container.encode(imageStd, forKey: .imageStd)
        try container.encode(true, forKey: .doConvertRGB)
    }
}

import Foundation
import BlipPictures
import Testing

@Suite struct PreprocessingTests {
    private func decoded(_ json: String) throws -> PixelPreprocessing {
        try JSONDecoder().decode(PixelPreprocessing.self, from: Data(json.utf8))
    }

    @Test func everyConfigurationEqualsTransformersBitForBit() throws {
        for each in try #require(Reference.shared).preprocessing {
            let pixels = try decoded(each.configuration)
                .pixelValues(of: Fixture.noise(each.from[0], each.from[1]))
            #expect(pixels.height == each.height)
            #expect(pixels.width == each.width)
            let hash = pixels.values.withUnsafeBytes { Fixture.hash($0) }
            #expect(hash == each.hash, "\(each.from) with \(each.configuration)")
        }
    }

    /// From the JPEG file on: libjpeg's versions may differ by one in a pixel.
    @Test func photosBecomeTheReferencesNumbers() throws {
        for photo in try #require(Reference.shared).photos {
            let picture = try Picture(contentsOf: Fixture.url(photo.file))
            let values = try PixelPreprocessing().pixelValues(of: picture).values
            let samples = stride(from: 0, to: values.count, by: photo.step).map { values[$0] }
            try #require(samples.count == photo.samples.count)
            // In units of one 255th of the brightness range.
            let differences = zip(samples, photo.samples).map { abs($0 - $1) * 0.269 * 255 }
            #expect(differences.reduce(0, +) / Float(differences.count) < 0.3)
            #expect(try #require(differences.max()) < 3)
        }
    }

    @Test func theDefaultsAreBLIPs() throws {
        #expect(try decoded("{}") == PixelPreprocessing())
        let blip = """
            {"do_normalize": true, "do_rescale": true, "do_resize": true, "do_convert_rgb": true,
             "image_mean": [0.48145466, 0.4578275, 0.40821073], "resample": 3, "crop_size": null,
             "image_processor_type": "BlipImageProcessor", "processor_class": "BlipProcessor",
             "image_std": [0.26862954, 0.26130258, 0.27577711], "size_divisor": 32,
             "rescale_factor": 0.00392156862745098, "size": {"height": 384, "width": 384}}
            """
        let preprocessing = try decoded(blip)
        #expect(preprocessing == PixelPreprocessing())
        let white = try Picture(width: 1, height: 1, rgb: [255, 255, 255])
        let pixels = try preprocessing.pixelValues(of: white)
        #expect((pixels.height, pixels.width, pixels.values.count) == (384, 384, 3 * 384 * 384))
        #expect(pixels.values[0] == (1 - Float(0.48145466)) / Float(0.26862954))
    }

    @Test func whatIsWrittenIsReadAgain() throws {
        var preprocessing = PixelPreprocessing()
        preprocessing.size = .shortestEdge(100)
        preprocessing.resample = .lanczos
        preprocessing.doCenterCrop = true
        preprocessing.cropSize = PixelPreprocessing.CropSize(height: 90, width: 80)
        let data = try JSONEncoder().encode(preprocessing)
        let again = try JSONDecoder().decode(PixelPreprocessing.self, from: data)
        #expect(again == preprocessing)
        #expect(try decoded(#"{"image_mean": 0.5}"#).imageMean == [0.5, 0.5, 0.5])
    }

    @Test(arguments: [
        #"{"resample": 9}"#, #"{"size": {"longest_edge": 9}}"#, #"{"size": 0}"#, #"{"size": -3}"#,
        #"{"size": {"shortest_edge": 100000}}"#,
        #"{"size": {"shortest_edge": 9, "longest_edge": 9}}"#,
        #"{"image_std": [1, 0, 1]}"#, #"{"image_std": [1, 1e-300, 1]}"#, #"{"image_mean": [1, 2]}"#,
        #"{"do_center_crop": true}"#, #"{"crop_size": {"height": 4}}"#,
    ])
    func whatCannotBeUsedIsRefused(_ json: String) {
        let error = #expect(throws: PictureError.self) { try decoded(json) }
        #expect(error?.code == .invalidPreprocessing)
    }

    @Test func aPanoramaByItsShortEdgeIsRefusedWhereItGrowsTooLarge() throws {
        var preprocessing = PixelPreprocessing()
        preprocessing.size = .shortestEdge(384)
        let panorama = try Fixture.noise(2000, 3)
        #expect(throws: PictureError.self) { try preprocessing.pixelValues(of: panorama) }
    }
}

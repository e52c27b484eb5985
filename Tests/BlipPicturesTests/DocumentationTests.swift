import Foundation
import BlipPictures
import Testing

/// The code of Pictures.docc, as it is printed there.
@Suite struct DocumentationTests {
    @Test func theOverviewsExampleRuns() throws {
        try Fixture.withTemporaryFolder { folder in
            let photo = Fixture.url("coffee.jpg")
            let figure = folder.appending(path: "figure.png")

            let picture = try Picture(contentsOf: photo)
            let pixels = try PixelPreprocessing().pixelValues(of: picture)
            // pixels.values: 3 × 384 × 384 floats, ready for the vision model

            let annotation = Annotation(
                title: "a cup of coffee on a wooden table",
                lines: [.init(question: "what colour is the cup?", answer: "white")])
            try picture.annotated(with: annotation).write(to: figure)

            #expect(pixels.values.count == 3 * 384 * 384)
            #expect(try Picture(contentsOf: figure).width == 480)
        }
    }
}

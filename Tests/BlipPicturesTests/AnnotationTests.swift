import Foundation
import BlipPictures
import Testing

@Suite struct AnnotationTests {
    private let annotation = Annotation(
        title: "a <b>bold</b> & \"quoted\" caption — кот 猫 🐈 \u{0}\u{7}",
        lines: [
            .init(question: "is it </span>?", answer: "&amp;"), .init(question: "", answer: " "),
            .init(question: String(repeating: "wordwithoutend", count: 30), answer: "yes"),
        ])

    @Test(arguments: [(1, 1), (60, 40), (640, 480), (1500, 700), (2000, 3), (600, 900)])
    func thePictureStaysWholeAndTheTextIsBeneathIt(_ width: Int, _ height: Int) throws {
        let picture = try Picture(
            width: width, height: height, rgb: [UInt8](repeating: 90, count: width * height * 3))
        let figure = try picture.annotated(with: annotation)
        #expect((480...1280).contains(figure.width))
        let longer = max(width, height)
        let scale = longer > 1280 ? 1280 / Double(longer) : max(1, 480 / Double(longer))
        let shown = max(1, Int((Double(height) * scale).rounded()))
        #expect(figure.height > shown + 100)
        // No ink on the picture: its middle column is even.
        let rgb = figure.rgb
        let row = figure.width * 3
        let column = (0..<shown).map { rgb[$0 * row + figure.width / 2 * 3] }
        #expect(Set(column) == [90])
        // Ink beneath it, and a clean margin around the ink.
        let panel = rgb[((shown + 1) * row)...]
        #expect(panel.contains { $0 < 60 })
        #expect(rgb.suffix(10 * row).allSatisfy { $0 == 255 })
        for y in shown + 1..<figure.height {
            #expect(rgb[y * row..<y * row + 60].allSatisfy { $0 == 255 })
            #expect(rgb[(y + 1) * row - 60..<(y + 1) * row].allSatisfy { $0 == 255 })
        }
    }

    @Test(arguments: [(3, 2000), (700, 1400), (120, 480)])
    func aTallPictureHasTheTextBesideIt(_ width: Int, _ height: Int) throws {
        let picture = try Picture(
            width: width, height: height, rgb: [UInt8](repeating: 90, count: width * height * 3))
        let scale = height > 1280 ? 1280 / Double(height) : 1
        let shown = (width: Int((Double(width) * scale).rounded()), height: min(height, 1280))
        let figure = try picture.annotated(with: annotation)
        #expect((shown.width + 400...1280).contains(figure.width))
        #expect(figure.height >= shown.height)
        let rgb = figure.rgb
        let columns = { (columns: Range<Int>) in
            (0..<figure.height).map { row in columns.map { rgb[(row * figure.width + $0) * 3] } }
        }
        #expect(columns(0..<shown.width).prefix(shown.height).allSatisfy { Set($0) == [90] })
        #expect(columns(shown.width + 1..<figure.width).contains { $0.contains { $0 < 60 } })
        let margin = columns(figure.width - 30..<figure.width)
        #expect(margin.allSatisfy { $0.allSatisfy { $0 == 255 } })
        #expect(try picture.annotated(with: Annotation(title: "")).width == shown.width)
    }

    @Test func anAnswerInArabicStandsWithItsQuestion() throws {
        let picture = try Fixture.noise(480, 100)
        let figure = try picture.annotated(
            with: Annotation(title: "", lines: [.init(question: "is it?", answer: "نعم")]))
        let rgb = figure.rgb
        for row in 102..<figure.height {
            let right = (row * figure.width + 240) * 3..<(row + 1) * figure.width * 3
            #expect(rgb[right].allSatisfy { $0 == 255 })
        }
    }

    @Test func aCharacterThatNoFontHasIsTold() {
        let line = Annotation.Line(question: "a \u{10FFFD}?", answer: "\u{10FFFD}")
        #expect(Annotation(title: "a", lines: [line]).charactersWithoutFont == ["\u{10FFFD}"])
        #expect(Annotation(title: "a & b", lines: []).charactersWithoutFont.isEmpty)
    }

    @Test func moreTextMakesAHigherFigure() throws {
        let picture = try Fixture.noise(500, 100)
        func height(_ title: String, _ count: Int) throws -> Int {
            let line = Annotation.Line(question: "how many?", answer: "2")
            let lines = [Annotation.Line](repeating: line, count: count)
            return try picture.annotated(with: Annotation(title: title, lines: lines)).height
        }
        #expect(try height("", 0) == 100)
        let (none, one, two) = try (height("a", 0), height("a", 1), height("a", 2))
        #expect(100 < none && none < one && one < two)
        let pitch = two - one
        #expect(try height("a", 40) == one + 39 * pitch)
        #expect(try height(String(repeating: "long ", count: 60), 0) > none + 60)
    }

    @Test(arguments: ["png", "webp", "jpg", "JPEG"])
    func figuresAreWrittenByTheirExtension(_ ending: String) throws {
        let picture = try Picture(contentsOf: Fixture.url("formats/rgb.png"))
        try Fixture.withTemporaryFolder { folder in
            let file = folder.appending(path: "figure.\(ending)")
            try Data("old".utf8).write(to: file)
            try picture.write(to: file)
            let again = try Picture(contentsOf: file)
            #expect((again.width, again.height) == (48, 36))
            let differences = zip(again.rgb, picture.rgb).map { abs(Int($0) - Int($1)) }
            let mean = Double(differences.reduce(0, +)) / Double(differences.count)
            #expect(mean <= (ending == "png" ? 0 : 12))
            // Nothing else is left beside it.
            let names = try FileManager.default.contentsOfDirectory(atPath: folder.path)
            #expect(names == ["figure.\(ending)"])
        }
    }

    @Test func whatCannotBeWrittenIsSaid() throws {
        let picture = try Fixture.noise(2, 2)
        try Fixture.withTemporaryFolder { folder in
            let unknown = #expect(throws: PictureError.self) {
                try picture.write(to: folder.appending(path: "figure.bmp"))
            }
            #expect(unknown?.code == .unknownExtension)
            let missing = #expect(throws: PictureError.self) {
                try picture.write(to: folder.appending(path: "none/figure.png"))
            }
            #expect(missing?.code == .unwritableFile)
            #expect(missing?.message.contains("figure.png") == true)
            let overlong = #expect(throws: PictureError.self) {
                try picture.write(
                    to: folder.appending(path: String(repeating: "x", count: 300) + ".png"))
            }
            #expect(overlong?.message.contains("shorter") == true)
            let long = try Picture(
                width: 1, height: 66_000, rgb: [UInt8](repeating: 0, count: 3 * 66_000))
            for name in ["figure.jpg", "figure.webp"] {
                let tall = #expect(throws: PictureError.self) {
                    try long.write(to: folder.appending(path: name))
                }
                #expect(tall?.code == .tooLarge)
            }
            try long.write(to: folder.appending(path: "figure.png"))
        }
    }
}

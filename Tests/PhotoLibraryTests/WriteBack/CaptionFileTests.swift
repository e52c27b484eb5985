import BlipCommandSupport
import BlipPictures
import Testing

@testable import PhotoLibrary

@Suite struct CaptionFileTests {
    private func entries(_ text: String) throws -> [CaptionFile.Entry] {
        try CaptionFile(Array(text.utf8), name: "captions").entries
    }

    @Test func jsonLines() throws {
        let found = try entries(
            """
            {"image": "a.jpg", "caption": "a dog", "score": -0.1}

            {"image": "b.jpg", "error": "b.jpg is empty"}
            {"image": "caf\\\\xE9.jpg", "caption": "a cup"}
            """)
        #expect(found.map(\.caption) == ["a dog", "a cup"])
        #expect(found[0].picture == RawPath("a.jpg"))
        #expect(found[1].picture.bytes == Array("caf".utf8) + [0xE9] + Array(".jpg".utf8))
    }

    @Test(arguments: [",", ";", "\t"]) func tables(_ separator: Character) throws {
        let rows = [
            ["Image", "x", "Caption"], ["a.jpg", "1", "a dog, a cat; \"two\"\tnames\nlines"],
            ["b.jpg", "2", " "],
            ["c.jpg"],
        ]
        let text = rows.map { row in
            row.map { "\"\($0.replacing("\"", with: "\"\""))\"" }.joined(
                separator: String(separator))
        }.joined(separator: "\r\n")
        let found = try entries("\u{FEFF}" + text)
        #expect(found == [.init(picture: RawPath("a.jpg"), caption: rows[1][2])])
    }

    @Test func whatIsWrittenIsReadBack() throws {
        let values = ["a,b", "\"q\"", "line\nend", "", "plain"]
        #expect(SeparatedValues.rows(of: SeparatedValues.line(values) + "\r\n") == [values])
    }

    @Test(arguments: ["a,b\nc,d", "{\"image\": ", "{}\nno JSON", ""]) func whatIsNeither(
        _ text: String
    ) {
        #expect(throws: Failure.self) { try entries(text) }
    }
}

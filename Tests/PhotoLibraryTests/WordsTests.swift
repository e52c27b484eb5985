import BlipPictures
import Foundation
import Testing

@testable import PhotoLibrary

@Suite("Words of files")
struct WordsTests {
    static let packet = """
        <?xpacket begin="" id="W5M0MpCehiHzreSzNTczkc9d"?>
        <x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
        <rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/"
          xmlns:Iptc4xmpCore="http://iptc.org/std/Iptc4xmpCore/1.0/xmlns/">
        <dc:description><rdf:Alt><rdf:li xml:lang="de">Abend</rdf:li>
          <rdf:li xml:lang="x-default">Evening &amp; snow in Reykjav&#xED;k</rdf:li></rdf:Alt></dc:description>
        <dc:subject><rdf:Bag><rdf:li>harbour</rdf:li><rdf:li>winter</rdf:li></rdf:Bag></dc:subject>
        <Iptc4xmpCore:AltTextAccessibility><rdf:Alt><rdf:li xml:lang="x-default">Boats</rdf:li></rdf:Alt>
        </Iptc4xmpCore:AltTextAccessibility>
        </rdf:Description></rdf:RDF></x:xmpmeta>
        <?xpacket end="w"?>
        """

    @Test func xmpIsRead() throws {
        let words = try ExistingWords(xmp: Array(Self.packet.utf8))
        #expect(words.description == "Evening & snow in Reykjavík")
        #expect(words.altText == "Boats")
        #expect(words.keywords == ["harbour", "winter"])
        let short = try ExistingWords(
            xmp: Array(
                """
                <rdf:RDF><rdf:Description dc:title='A "title"' dc:description="short"/>
                <digiKam:TagsList><rdf:Seq><rdf:li>Places/Iceland</rdf:li></rdf:Seq></digiKam:TagsList>
                </rdf:RDF>
                """.utf8))
        #expect(short.title == "A \"title\"" && short.description == "short")
        #expect(short.keywords == ["Iceland"])
    }

    @Test func wordsWithoutSmallLettersAreAPersons() {
        for text in ["公園の犬", "ילדים", "OUR DOG"] { #expect(!FileWords.isCamerasOwn(text)) }
        #expect(FileWords.isCamerasOwn("SONY DSC"))
    }

    @Test(arguments: [
        "", "plain text", "<a>", "<a></b>", "<a b></a>", "<a b=c></a>", "<a>&unknown;</a>",
        "<!DOCTYPE a [<!ENTITY x \"xx\"><!ENTITY y \"&x;&x;\">]><a>&y;</a>", "<a><!ENTITY></a>",
        "<a>&#xD800;</a>", "<a>&#99999999999;</a>", "<a><!-- </a>", "<a><![CDATA[ </a>",
        String(repeating: "<a>", count: 100_000),
    ])
    func whatIsNoXMPIsRefused(_ text: String) {
        #expect(throws: ElementReader.Refusal.self) { try ExistingWords(xmp: Array(text.utf8)) }
    }

    @Test func damagedXMPNeverTraps() {
        var generator = Generator()
        var refused = 0
        for _ in 0..<400 {
            var bytes = Array(Self.packet.utf8)
            for _ in 0..<Int.random(in: 1...4, using: &generator) {
                let place = Int.random(in: bytes.indices, using: &generator)
                switch Int.random(in: 0..<3, using: &generator) {
                case 0: bytes[place] = .random(in: 0...255, using: &generator)
                case 1: bytes.removeSubrange(place..<min(place + 9, bytes.count))
                default: bytes.insert(contentsOf: bytes[..<min(9, place)], at: place)
                }
                if bytes.isEmpty { break }
            }
            if (try? ExistingWords(xmp: bytes)) == nil { refused += 1 }
            _ = ExistingWords(iptc: bytes)
        }
        #expect(refused > 0 && refused < 400)
    }

    @Test func iptcIsRead() {
        func record(_ number: UInt8, _ text: String) -> [UInt8] {
            [0x1C, 2, number, 0, UInt8(text.utf8.count)] + Array(text.utf8)
        }
        let records = record(120, "A caption") + record(25, "one") + record(25, "two")
        let header = Array("Photoshop 3.0\0".utf8)
        let resource =
            Array("8BIM".utf8) + [4, 4, 0, 0, 0, 0, 0, UInt8(records.count)] + records
        for bytes in [records, header + resource] {
            let words = ExistingWords(iptc: bytes)
            #expect(words.description == "A caption")
            #expect(words.keywords == ["one", "two"])
        }
        for count in 0..<resource.count { _ = ExistingWords(iptc: Array(resource.prefix(count))) }
    }

    @Test func datesAreThoseOfCameras() {
        #expect(PictureContent.date(ofEXIF: "2026:11:27 20:15:01") == "2026-11-27T20:15:01")
        #expect(PictureContent.date(ofEXIF: "2026-11-27T20:15:01+01:00") == "2026-11-27T20:15:01")
        for text in ["0000:00:00 00:00:00", "", "    :  :     :  :  ", "2026:13:01 00:00:00"] {
            #expect(PictureContent.date(ofEXIF: text) == nil)
        }
    }

    /// A JPEG with EXIF of two directories, as cameras write it.
    @Test func exifIsRead() throws {
        func number(_ value: Int, _ bytes: Int) -> [UInt8] {
            (0..<bytes).map { UInt8(value >> (8 * $0) & 255) }
        }
        func entry(_ tag: Int, _ type: Int, _ count: Int, _ value: Int) -> [UInt8] {
            number(tag, 2) + number(type, 2) + number(count, 4) + number(value, 4)
        }
        let text = Array("A quiet harbour\0".utf8)
        let date = Array("2019:05:04 03:02:01\0".utf8)
        // The header, two entries, the next directory's place; one entry and that; the texts.
        let second = 8 + 2 + 24 + 4
        let texts = second + 2 + 12 + 4
        let exif: [UInt8] =
            Array("II".utf8) + number(42, 2) + number(8, 4) + number(2, 2)
            + entry(0x010E, 2, text.count, texts) + entry(0x8769, 4, 1, second) + number(0, 4)
            + number(1, 2) + entry(0x9003, 2, date.count, texts + text.count) + number(0, 4)
            + text + date
        let jpeg = try Picture(width: 8, height: 8, rgb: [UInt8](repeating: 99, count: 192)).jpeg()
        let body = Array("Exif\0\0".utf8) + exif
        let segment = [0xFF, 0xE1, 0, UInt8(body.count + 2)] + body
        let bytes = Array(jpeg.prefix(2)) + segment + Array(jpeg.dropFirst(2))
        let header = try PictureHeader(bytes: bytes)
        #expect(header.dateTaken == "2019:05:04 03:02:01")
        #expect(header.imageDescription == "A quiet harbour")
        #expect(header.width == 8 && header.height == 8)
        for place in segment.indices.dropFirst(4) {
            var damaged = bytes
            damaged[2 + place] = 0xFF
            _ = try? PictureHeader(bytes: damaged)
        }
    }
}

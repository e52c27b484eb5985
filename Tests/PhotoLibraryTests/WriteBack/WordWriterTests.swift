import BlipPictures
import Foundation
import Testing

@testable import PhotoLibrary

/// Without exiftool there is nothing to test but the sentence that says so.
let hasExifTool = FileManager.default.isExecutableFile(atPath: "/usr/bin/exiftool")

@Suite("Words into files", .enabled(if: hasExifTool))
struct WordWriterTests {
    private let caption = "two dogs & a <cat> \"née\""

    private func write(
        _ caption: String, for file: RawPath, _ tool: ExifTool,
        _ place: WordWriter.Place = .embedded,
        overwrites: Bool = false, isDryRun: Bool = false, earlier: Set<String> = []
    ) async throws -> WordWriter.Outcome {
        var options = WordWriter.Options(place: place)
        options.overwrites = overwrites
        options.isDryRun = isDryRun
        return try await WordWriter(tool, options: options)
            .write(caption, for: file, earlier: earlier)
    }

    @Test func nothingElseChanges() async throws {
        let folder = try PhotoFolder()
        // IPTC that is there has a code of its own, in which not every word can be written.
        let caption = "two dogs & a <cat> \"Ann\""
        try await ExifTool.withTool { tool in
            let kinds: [[String]] = [
                [],
                ["-IFD0:Make=Canon", "-GPSLatitude=48.1", "-GPSLatitudeRef=N", "-Orientation#=6"],
                [
                    "-DateTimeOriginal=2001:02:03 04:05:06", "-XMP-dc:Subject=dog",
                    "-XMP-xmp:Rating=3",
                ],
                ["-IPTC:Keywords=dog", "-IPTC:City=Rome", "-Photoshop:IPTCDigest=new"],
                [
                    "-XMP-x:XMPToolkit=Adobe XMP Core 5.6", "-XMP-dc:Title=A title",
                    "-Comment=by hand",
                ],
                ["-XMP-dc:Creator=Ann", "-ThumbnailImage=", "-ICC_Profile:ProfileDescription=x"],
            ]
            for index in 0..<12 {
                let file = try folder.picture("photo \(index).jpg")
                let tags = kinds[index % kinds.count]
                if !tags.isEmpty {
                    _ = try await tool.execute(
                        tags + ["-overwrite_original", "-m", file.description])
                }
                var times = [timespec(tv_sec: 1_000_000_000 + index, tv_nsec: 123_456_789)]
                times.append(times[0])
                #expect(file.withCString { utimensat(AT_FDCWD, $0, times, 0) } == 0)
                #expect(file.withCString { chmod($0, 0o640) } == 0)
                let (before, picture) = (
                    try await allMetadata(of: file, tool), try Picture(contentsOf: file.url)
                )
                let outcome = try await write(caption, for: file, tool)
                #expect(outcome.fields == WordField.allCases)
                let after = try await allMetadata(of: file, tool)
                for (tag, value) in before where !Self.derived.contains(tag) {
                    #expect(after[tag] == value, "\(tag) of picture \(index)")
                }
                let added = Set(after.keys).subtracting(before.keys)
                    .subtracting(WordField.allCases.map(\.rawValue)).subtracting(Self.derived)
                #expect(added.isSubset(of: Self.mandatory), "\(added)")
                for field in WordField.allCases { #expect(after[field.rawValue] == caption) }
                #expect(try Picture(contentsOf: file.url).rgb == picture.rgb)
                let status = try #require(file.status)
                #expect(status.st_mode & 0o777 == 0o640)
                #expect(status.st_mtim.tv_sec == times[1].tv_sec)
                #expect(status.st_mtim.tv_nsec == times[1].tv_nsec)
            }
        }
        #expect(try folder.names.count == 12)
    }

    /// What follows from the words, or is no metadata.
    private static let derived: Set = [
        "File:CurrentIPTCDigest", "Photoshop:IPTCDigest", "File:ExifByteOrder",
    ]
    /// What EXIF and IPTC must have besides, where they were not there.
    private static let mandatory: Set = [
        "IFD0:XResolution", "IFD0:YResolution", "IFD0:ResolutionUnit", "IFD0:YCbCrPositioning",
        "IPTC:CodedCharacterSet", "IPTC:EnvelopeRecordVersion", "IPTC:ApplicationRecordVersion",
        "XMP-x:XMPToolkit", "ExifIFD:ExifVersion", "ExifIFD:ComponentsConfiguration",
        "ExifIFD:FlashpixVersion", "ExifIFD:ColorSpace",
    ]

    @Test func aPersonsWordsStay() async throws {
        let folder = try PhotoFolder()
        try await ExifTool.withTool { tool in
            let file = try folder.picture("a.jpg")
            _ = try await tool.execute(
                ["-IFD0:ImageDescription=Grandma", "-overwrite_original", file.description])
            let outcome = try await write(caption, for: file, tool)
            #expect(outcome.fields == [.altText])
            #expect(outcome.kept == ["Grandma"])
            #expect(try await WordReader(tool).words(of: [file])[0].description == "Grandma")
            // Neither into a sidecar.
            let beside = try await write("another", for: file, tool, .sidecar(.full))
            #expect(beside.fields.isEmpty)
            #expect(beside.kept == ["Grandma", caption])
            #expect(try folder.names == ["a.jpg"])
            // What was written before is no person's.
            let again = try await write("another", for: file, tool, earlier: [caption])
            #expect(again.fields == [.altText])
            let forced = try await write(caption, for: file, tool, overwrites: true)
            #expect(forced.fields == WordField.allCases)
            #expect(try await write(caption, for: file, tool).fields.isEmpty)
        }
    }

    @Test func whatACameraWritesIsNoPersons() async throws {
        let folder = try PhotoFolder()
        try await ExifTool.withTool { tool in
            let file = try folder.picture("a.jpg")
            _ = try await tool.execute(
                [
                    "-IFD0:ImageDescription=OLYMPUS DIGITAL CAMERA         ", "-overwrite_original",
                    file.description,
                ])
            #expect(try await write(caption, for: file, tool).fields == WordField.allCases)
        }
    }

    @Test func aSidecarKeepsWhatItHas() async throws {
        let folder = try PhotoFolder()
        try await ExifTool.withTool { tool in
            for name in SidecarName.allCases {
                let file = try folder.picture("\(name).jpg")
                let bytes = try file.bytes()
                let sidecar = name.path(for: file)
                #expect(try await write(caption, for: file, tool, .sidecar(name)).file == sidecar)
                _ = try await tool.execute(
                    ["-XMP-xmp:Rating=4", "-overwrite_original", sidecar.description])
                let outcome = try await write(
                    "later", for: file, tool, .sidecar(name), earlier: [caption])
                #expect(outcome.fields == WordField.xmp)
                let found = try await allMetadata(of: sidecar, tool)
                #expect(found["XMP-xmp:Rating"] == "4")
                #expect(found["XMP-dc:Description"] == "later")
                #expect(try file.bytes() == bytes)
                #expect(try await WordReader(tool).words(of: [file])[0].altText == "later")
            }
        }
        #expect(try folder.names == ["full.jpg", "full.jpg.xmp", "stem.jpg", "stem.xmp"])
    }

    @Test(arguments: [
        "line\nend.jpg", "-rf.jpg", "pipe|.jpg", "|id >hit.jpg", " blank .jpg", "#1 %f $x @y.jpg",
        "no ending",
        "caf\u{E9} 狗.JPG",
    ])
    func namesOfAnyKind(_ name: String) async throws {
        try await checkName(Array(name.utf8))
    }

    @Test func namesThatAreNotUTF8() async throws {
        try await checkName([0x63, 0xE9, 0xFF, 0x2E, 0x6A, 0x70, 0x67])
    }

    private func checkName(_ name: [UInt8]) async throws {
        let folder = try PhotoFolder()
        let file = try folder.picture(name)
        try await ExifTool.withTool { tool in
            #expect(try await write(caption, for: file, tool).fields == WordField.allCases)
            let words = try await WordReader(tool).words(of: [file])[0]
            #expect(words.description == caption)
            let beside = try await write(
                "later", for: file, tool, .sidecar(.full), overwrites: true)
            #expect(beside.fields == WordField.xmp)
            #expect(beside.file.bytes == file.bytes + Array(".xmp".utf8))
        }
        #expect(try folder.names.count == 2)
    }

    @Test(arguments: [
        "", "no XML", "<x:xmpmeta xmlns:x='adobe:ns:meta/'><unclosed>",
        """
        <!DOCTYPE a [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">
        <!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;">]><x:xmpmeta xmlns:x='adobe:ns:meta/'>&c;</x:xmpmeta>
        """,
    ])
    func sidecarsThatAreNoXMP(_ text: String) async throws {
        let folder = try PhotoFolder()
        let file = try folder.picture("a.jpg")
        let sidecar = try folder.write(text, to: "a.jpg.xmp")
        try await ExifTool.withTool { tool in
            let words = try await WordReader(tool).words(of: [file])
            #expect(words == [PictureWords()])
            let error = await #expect(throws: WriteBackError.self) {
                try await write(caption, for: file, tool, .sidecar(.full))
            }
            #expect(error?.description.contains("a.jpg") == true)
        }
        #expect(try sidecar.bytes() == Array(text.utf8))
        #expect(try folder.names == ["a.jpg", "a.jpg.xmp"])
    }

    @Test func aDryRunWritesNothing() async throws {
        let folder = try PhotoFolder()
        let file = try folder.picture("a.jpg")
        let bytes = try file.bytes()
        try await ExifTool.withTool { tool in
            for place in [WordWriter.Place.embedded, .sidecar(.stem)] {
                let outcome = try await write(caption, for: file, tool, place, isDryRun: true)
                #expect(outcome.fields.contains(.description))
                #expect(outcome.isDryRun)
            }
        }
        #expect(try file.bytes() == bytes)
        #expect(try folder.names == ["a.jpg"])
    }

    @Test(arguments: ["png", "webp"])
    func otherFormats(_ ending: String) async throws {
        let folder = try PhotoFolder()
        let file = try folder.picture("a.\(ending)", as: ending)
        let (bytes, rgb) = (try file.bytes(), try Picture(contentsOf: file.url).rgb)
        try await ExifTool.withTool { tool in
            do {
                let outcome = try await write(caption, for: file, tool)
                #expect(outcome.fields == WordField.xmp)
                let words = try await WordReader(tool).words(of: [file])
                #expect(words.first?.altText == caption)
            } catch let error as WriteBackError {
                // exiftool up to 12.57 and beyond writes no WebP.
                #expect(ending == "webp")
                #expect(error.description.contains("write a sidecar"))
                let unchanged = try file.bytes()
                #expect(unchanged == bytes)
            }
        }
        #expect(try Picture(contentsOf: file.url).rgb == rgb)
        #expect(try folder.names.count == 1)
    }

    @Test func whatIsNoPictureIsRefused() async throws {
        let folder = try PhotoFolder()
        let text = try folder.write("hello", to: "text.jpg")
        let cut = folder.path.appending("cut.jpg".utf8)
        try Data(try folder.picture("a.jpg").bytes().prefix(300)).write(to: cut.url)
        let bytes = try cut.bytes()
        try await ExifTool.withTool { tool in
            for file in [text, cut, folder.path, folder.path.appending("none.jpg".utf8)] {
                await #expect(throws: WriteBackError.self) {
                    try await write(caption, for: file, tool)
                }
            }
            await #expect(throws: WriteBackError.self) {
                try await write(" \n ", for: folder.path.appending("a.jpg".utf8), tool)
            }
        }
        #expect(try cut.bytes() == bytes)
        #expect(try folder.names == ["a.jpg", "cut.jpg", "text.jpg"])
    }
}

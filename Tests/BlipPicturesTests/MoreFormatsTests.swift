import Foundation
import Testing

@testable import BlipPictures

/// Formats that are read only where they are asked for: the command line does.
@Suite struct MoreFormatsTests {
    private static let options: PictureOptions = {
        var options = PictureOptions()
        options.acceptsMoreFormats = true
        return options
    }()

    private static let names: [String] =
        ((try? FileManager.default.contentsOfDirectory(atPath: Fixture.url("more").path)) ?? [])
        .filter { !$0.hasSuffix(".rgb") }.sorted()

    /// Another version of a library may round otherwise; AVIF's chroma is enlarged in other ways.
    private static func tolerance(_ name: String) -> Int {
        switch URL(filePath: name).pathExtension {
        case "heic", "jxl": 3
        case "avif": 40
        default: 0
        }
    }

    private static func isReadable(_ name: String) -> Bool {
        let formats = ["heic": "HEIC", "avif": "AVIF", "jxl": "JPEG XL"]
        return formats[URL(filePath: name).pathExtension].map(LibVips.reads) ?? true
    }

    @Test func theFixturesAreThere() { #expect(Self.names.count >= 20) }

    @Test(arguments: names.filter(isReadable))
    func everyFormatIsReadAsPillowReadsIt(_ name: String) throws {
        let picture = try Picture(contentsOf: Fixture.url("more/\(name)"), options: Self.options)
        let expected = try Fixture.bytes("more/\(name).rgb")
        #expect(Fixture.difference(of: picture, from: expected) <= Self.tolerance(name))
        var options = Self.options
        options.resizing = .init(width: 16, height: 12)
        let small = try Picture(contentsOf: Fixture.url("more/\(name)"), options: options)
        #expect(try small.rgb == picture.resized(width: 16, height: 12).rgb)
    }

    @Test(arguments: names)
    func withoutBeingAskedForTheyAreRefused(_ name: String) throws {
        let bytes = try Fixture.bytes("more/\(name)")
        if name.hasPrefix("camera.") {
            // A TIFF by its beginning, and its first directory is no picture.
            #expect(throws: PictureError.self) { try Picture(bytes: bytes, name: name) }
        } else {
            let error = #expect(throws: PictureError.self) { try Picture(bytes: bytes, name: name) }
            #expect(error?.code == .unknownFormat)
        }
    }

    @Test(arguments: names)
    func theEndIsMissed(_ name: String) throws {
        guard Self.isReadable(name) else { return }
        let bytes = Array(try Fixture.bytes("more/\(name)").prefix { _ in true }.dropLast(200))
        if name.hasPrefix("camera.") {
            // Raw pixels at the end are not looked at.
            #expect(try Picture(bytes: bytes, options: Self.options).width == 48)
            return
        }
        // Of JPEG XL the last bytes may be of no pixel.
        if name.hasSuffix(".jxl") { return }
        #expect(throws: PictureError.self) { try Picture(bytes: bytes, options: Self.options) }
    }

    @Test func aHeaderOfHugeSizeTakesNoMemory() throws {
        var bytes = try Fixture.bytes("more/rgb.bmp")
        bytes.replaceSubrange(18..<26, with: [0xFF, 0xFF, 0xFF, 0x7F, 0xFF, 0xFF, 0xFF, 0x7F])
        #expect(throws: PictureError.self) { try Picture(bytes: bytes, options: Self.options) }
        var unlimited = Self.options
        unlimited.maximumPixels = .max
        unlimited.acceptsTruncated = true
        #expect(throws: PictureError.self) { try Picture(bytes: bytes, options: unlimited) }
    }

    @Test func rawPhotosWithoutAJPEGSaySo() throws {
        var bytes = try Fixture.bytes("more/camera.dng")
        for index in bytes.indices.dropLast(2)
        where bytes[index...].starts(with: [0xFF, 0xD8, 0xFF]) {
            bytes[index] = 0
        }
        let error = #expect(throws: PictureError.self) {
            try Picture(bytes: bytes, name: "a.dng", options: Self.options)
        }
        #expect(error?.message.contains("without a JPEG inside") == true)
    }

    /// What this program reads by itself; the others are the libraries' to fuzz.
    @Test(arguments: names.filter { $0.hasSuffix(".bmp") || $0.hasPrefix("camera.") })
    func changedBytesNeverTrap(_ name: String) throws {
        let sound = try Fixture.bytes("more/\(name)")
        var state: UInt64 = 7
        func next(_ limit: Int) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int(state >> 33) % max(1, limit)
        }
        var options = Self.options
        options.maximumPixels = 1 << 20
        for _ in 0..<150 {
            var bytes = sound
            for _ in 0...next(4) { bytes[next(min(bytes.count, 120))] = UInt8(next(256)) }
            if next(3) == 0 { bytes.removeLast(next(bytes.count)) }
            options.acceptsTruncated = next(2) == 0
            _ = try? Picture(bytes: bytes, options: options)
        }
    }
}

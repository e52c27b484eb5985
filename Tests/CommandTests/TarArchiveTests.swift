import BlipPictures
import Foundation
import Testing

@testable import BlipCommandSupport

@Suite("Tar files")
struct TarArchiveTests {
    private func archive(_ bytes: [UInt8]) throws -> TarArchive {
        try TarArchive(length: bytes.count) { offset, count in
            Array(bytes.dropFirst(offset).prefix(count))
        }
    }

    /// What the system's tar makes of two files, one with a long name.
    private func bytes(format: String) async throws -> [UInt8] {
        let folder = try TemporaryFolder()
        let made = try await BlipProgram.shell(
            """
            cd "$1"; d=$(printf 'x%.0s' $(seq 90)); mkdir -p in/$d/$d
            printf abc > in/a.jpg; printf defg > in/$d/$d/b.jpg
            tar --format="$2" -cf t.tar -C in a.jpg $d
            """, folder.url.path, format)
        #expect(made.status == 0, "\(made.errors)")
        return [UInt8](try Data(contentsOf: folder.url.appending(path: "t.tar")))
    }

    @Test(arguments: ["ustar", "gnu", "pax"]) func whatTarWrites(format: String) async throws {
        let bytes = try await bytes(format: format)
        #expect(try archive(bytes).hasEnd)
        let members = try archive(bytes).members
        let long = String(repeating: "x", count: 90)
        #expect(
            members.map { String(decoding: $0.name, as: UTF8.self) } == [
                "a.jpg", "\(long)/\(long)/b.jpg",
            ])
        #expect(
            members.map { Array(bytes[$0.offset..<$0.offset + $0.size]) } == [
                Array("abc".utf8), Array("defg".utf8),
            ])
    }

    /// `cat a.tar b.tar`: no member is left out in silence.
    @Test func joinedArchives() async throws {
        let bytes = try await bytes(format: "pax")
        let (once, joined) = (try archive(bytes), try archive(bytes + bytes))
        #expect(joined.hasEnd)
        #expect(joined.members.map(\.name) == (once.members + once.members).map(\.name))
        #expect(try archive(bytes + bytes.prefix(1024)).hasEnd == false)
        #expect(try archive(bytes + Array("no header".utf8)).members.count == 2)
    }

    /// What is written is read back, by the system's tar too.
    @Test func writtenArchives() async throws {
        var generator = SplitMix(state: 4)
        let files = [0, 1, 511, 512, 513, 70_000].enumerated().map { number, size in
            (
                name: "part/\(number)-00000000.jpg",
                bytes: (0..<size).map { _ in UInt8.random(in: 0...255, using: &generator) }
            )
        }
        var data = Data()
        for file in files { data.append(try #require(TarWriter.member(file.name, file.bytes))) }
        data.append(TarWriter.end)
        let bytes = [UInt8](data)
        let members = try archive(bytes).members
        #expect(members.map(\.name) == files.map { Array($0.name.utf8) })
        #expect(
            members.map { Array(bytes[$0.offset..<$0.offset + $0.size]) } == files.map(\.bytes))

        let folder = try TemporaryFolder()
        try folder.write(bytes, to: "t.tar")
        let unpacked = try await BlipProgram.shell(
            "cd \"$1\" && tar -xf t.tar && stat -c '%n %s %a %Y' part/*", folder.url.path)
        #expect(unpacked.status == 0 && unpacked.errors.isEmpty, "\(unpacked.errors)")
        #expect(
            unpacked.output.split(separator: "\n").map(String.init)
                == files.map { "\($0.name) \($0.bytes.count) 644 0" })
        for file in files {
            #expect(try Data(contentsOf: folder.url.appending(path: file.name)) == Data(file.bytes))
        }
        #expect(TarWriter.member(String(repeating: "x", count: 101), []) == nil)
        #expect(TarWriter.member("ä", []) == nil)
    }

    /// A member as an attacker writes it: any name and kind, with a sum that is right.
    private func member(_ name: String, kind: Character, size: String = "00000000003") -> [UInt8] {
        var block = [UInt8](repeating: 0, count: 512)
        block.replaceSubrange(0..<name.utf8.count, with: name.utf8)
        block.replaceSubrange(124..<124 + size.utf8.count, with: size.utf8)
        block[156] = kind.asciiValue ?? 0
        block.replaceSubrange(148..<156, with: repeatElement(32, count: 8))
        let sum = block.reduce(0) { $0 + Int($1) }
        block.replaceSubrange(148..<154, with: String(format: "%06o", sum).utf8)
        block[154] = 0
        return block + Array("abc".utf8) + [UInt8](repeating: 0, count: 509)
    }

    @Test(
        arguments: [
            ("../a.jpg", "0", "leads out"), ("/etc/a.jpg", "0", "leads out"),
            ("b/../../a.jpg", "0", "leads out"), ("a.jpg", "1", "a link"), ("a.jpg", "2", "a link"),
            ("a.jpg", "3", "a device"), ("a.jpg", "4", "a device"), ("a.jpg", "6", "a pipe"),
            ("a.jpg", "S", "a sparse file"), ("a.jpg", "?", "unknown kind"),
        ] as [(String, Character, String)])
    func refusedMembers(name: String, kind: Character, words: String) {
        let problem = #expect(throws: TarArchive.Problem.self) {
            try archive(member("good.jpg", kind: "0") + member(name, kind: kind))
        }
        #expect(problem?.sentence.contains(words) == true, "\(problem as Any)")
    }

    /// What pax's attributes say of a member.
    @Test(
        arguments: [
            ("22 GNU.sparse.major=1\n", "00000000026", "a sparse file"),
            ("11 size=-1\n", "00000000013", "size is damaged"),
            ("99 path=a.jpg\n", "00000000016", "attributes are damaged"),
        ])
    func refusedAttributes(attributes: String, size: String, words: String) {
        var header = member("attributes", kind: "x", size: size)
        header.replaceSubrange(512..<512 + attributes.utf8.count, with: attributes.utf8)
        let bytes = header + member("a.jpg", kind: "0")
        let problem = #expect(throws: TarArchive.Problem.self) { try archive(bytes) }
        #expect(problem?.sentence.contains(words) == true, "\(problem as Any)")
    }

    @Test func damage() {
        for (bytes, words) in [
            ([], "is empty"),
            (Array("\u{1F}\u{8B}".utf8) + [UInt8](repeating: 7, count: 600), "no tar file"),
            (Array(member("a.jpg", kind: "0").prefix(513)), "ends in the middle"),
            (member("a.jpg", kind: "0", size: "77777777777"), "ends in the middle"),
            (member("a.jpg", kind: "0", size: "9"), "size is damaged"),
            (member("a.jpg", kind: "L", size: "00004000000"), "ends in the middle"),
            (
                member("a.jpg", kind: "0") + Array(member("b.jpg", kind: "0").prefix(100)),
                "in the middle of a member's header"
            ),
        ] {
            let problem = #expect(throws: TarArchive.Problem.self) { try archive(bytes) }
            #expect(problem?.sentence.contains(words) == true, "\(problem as Any)")
        }
    }

    /// Cut between two members: those before are there, and that others may be missing is known.
    @Test func anArchiveWithoutAnEnd() throws {
        let zeros = [UInt8](repeating: 0, count: 512)
        let bytes = member("a.jpg", kind: "0") + member("b.jpg", kind: "0")
        for (end, hasEnd) in [([], false), (zeros, true), (zeros + zeros, true)] {
            let archive = try archive(bytes + end)
            #expect(archive.members.count == 2 && archive.hasEnd == hasEnd)
        }
    }

    /// Whatever is accepted lies in the file.
    @Test func mutatedArchives() async throws {
        let original = try await bytes(format: "pax")
        var generator = SplitMix(state: 18)
        for _ in 0..<500 {
            var bytes = original
            for _ in 0..<Int.random(in: 1...3, using: &generator) {
                // Headers, rather than the zeros between.
                let block = Int.random(in: 0..<bytes.count / 512, using: &generator) * 512
                bytes[block + Int.random(in: 0..<300, using: &generator)] =
                    .random(in: 0...255, using: &generator)
                // With a sum that is right.
                if Bool.random(using: &generator) { Self.mend(&bytes, block) }
            }
            let members = (try? archive(bytes))?.members ?? []
            #expect(
                members.allSatisfy {
                    $0.offset >= 0 && $0.size >= 0 && $0.offset + $0.size <= bytes.count
                })
        }
    }

    private static func mend(_ bytes: inout [UInt8], _ block: Int) {
        bytes.replaceSubrange(block + 148..<block + 156, with: repeatElement(32, count: 8))
        let sum = bytes[block..<block + 512].reduce(0) { $0 + Int($1) }
        bytes.replaceSubrange(block + 148..<block + 154, with: String(format: "%06o", sum).utf8)
        bytes[block + 154] = 0
    }

    private struct SplitMix: RandomNumberGenerator {
        var state: UInt64

        mutating func next() -> UInt64 {
            state &+= 0x9E37_79B9_7F4A_7C15
            var z = state
            z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
            z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
            return z ^ (z >> 31)
        }
    }
}

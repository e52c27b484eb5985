import ArgumentParser
import BlipCommandSupport
import Foundation
import PhotoLibrary
import Synchronization

struct Duplicates: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "List copies and near-duplicates among the library's pictures.",
        discussion: """
            Copies have the same bytes. Near-duplicates have nearly the same vectors: one picture in several \
            sizes, or several pictures of one scene. Nothing is deleted. A hundred thousand pictures take \
            seconds, a million minutes.

            EXAMPLES
              blip duplicates
              blip duplicates --similarity 0.98 --json
              blip duplicates --copies
            """)

    @OptionGroup var library: LibraryArguments

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("The least cosine of two pictures' vectors.", valueName: "x"))
    var similarity: Float = 0.95

    @Flag(help: "List only files with the same bytes.")
    var copies = false

    @Flag(help: "Print one JSON object a line, and nothing else, on standard output.")
    var json = false

    func validate() throws {
        if !(0...1).contains(similarity) {
            throw ValidationError("--similarity wants a number from 0 to 1, not \(similarity).")
        }
    }

    func run() async throws {
        try await reportingFailures {
            let library = try library.open(for: .reading)
            let bar = Mutex<ProgressBar?>(nil)
            let groups = try library.duplicates(atLeast: copies ? nil : similarity) { done, total in
                bar.withLock { bar in
                    if bar == nil { bar = ProgressBar(total: total, unit: "pictures") }
                    bar?.advance(to: done)
                }
            }
            bar.withLock { $0?.clear() }
            for (index, group) in groups.enumerated() {
                if !json, index > 0 { try Terminal.print("") }
                for member in group.members {
                    let record = MemberRecord(
                        group: index + 1, image: member.name, similarity: member.similarity)
                    try Terminal.print(
                        json
                            ? try jsonLine(record)
                            : String(format: "%.3f  ", member.similarity) + record.image)
                }
            }
            if groups.isEmpty { Terminal.note("The library has no duplicates.") }
        }
    }
}

private struct MemberRecord: Encodable {
    let group: Int
    let image: String
    let similarity: Float
}

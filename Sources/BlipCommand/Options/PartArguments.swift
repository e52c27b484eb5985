import ArgumentParser
import BlipCommandSupport
import Foundation

/// One part of a large run.
struct PartArguments: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Run part I of N of all pictures, counted from 0. auto takes both from a job of Kubernetes, "
                + "Slurm or AWS Batch, auto/N only I. Tar files are read too.", valueName: "i/n"))
    var shard: String?

    @Option(
        help: ArgumentHelp(
            "With --shard: the folder for part-I-of-N.jsonl. An existing part is left alone.",
            valueName: "folder"), completion: .directory)
    var out: String?

    @Option(
        help: ArgumentHelp(
            "With --shard: jsonl, or webdataset for part-I-of-N.tar, which has the pictures too.",
            valueName: "format"))
    var format: PartFormat?

    struct Chosen {
        let shard: Shard
        let folder: URL
        let format: PartFormat
    }

    func validate() throws {
        if (shard == nil) != (out == nil) {
            throw ValidationError("--shard and --out go together; give both.")
        }
        if shard == nil, format != nil {
            throw ValidationError("--format is of parts; give --shard and --out too.")
        }
    }

    /// - Throws: ``Failure`` for a part that is none.
    var chosen: Chosen? {
        get throws {
            guard let shard, let out else { return nil }
            return Chosen(
                shard: try Shard(argument: shard),
                folder: URL(filePath: out, directoryHint: .isDirectory),
                format: format ?? .jsonl)
        }
    }
}

extension PartFormat: ExpressibleByArgument {}

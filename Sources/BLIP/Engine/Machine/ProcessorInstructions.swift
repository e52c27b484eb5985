import Foundation

/// The processor's maker, and which instructions for narrow numbers it has, as Linux lists them; nothing where
/// there is no such list.
struct ProcessorInstructions: Sendable, Hashable {
    private let maker: String?
    private let flags: Set<String>

    init(_ files: SystemFiles) {
        let lines = (files.text("proc/cpuinfo") ?? "").split(separator: "\n")
        // The first processor's stand for all.
        let words = { (name: String) -> [String] in
            let line = lines.first { $0.prefix { $0 != "\t" && $0 != ":" } == name } ?? ""
            return line.drop { $0 != ":" }.dropFirst().split(separator: " ").map(String.init)
        }
        maker = words("vendor_id").first
        flags = Set(words("flags"))
    }

    /// This machine's.
    static var current: ProcessorInstructions {
        ProcessorInstructions(SystemFiles(root: URL(filePath: "/")))
    }

    /// Whether it multiplies matrices in a unit of its own (AMX).
    var hasMatrixUnit: Bool { flags.contains("amx_bf16") }

    /// Whether products of many rows take longer at bf16 than at f32, as measured on a Xeon without AMX
    /// (docs/performance-log.md), and not on an EPYC: probably because Intel's cores have fewer ports for them.
    var multipliesFasterAtF32: Bool { maker == "GenuineIntel" && !hasMatrixUnit }
}

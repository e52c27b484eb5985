import ArgumentParser
import BlipCommandSupport
public import PhotoLibrary

/// Where words are written, and which ones they may replace.
struct WriteArguments: ParsableArguments {
    enum Target: String, ExpressibleByArgument, CaseIterable {
        case sidecar, embed
    }

    @Option(
        help: ArgumentHelp(
            "Where to write: sidecar, an XMP file beside the picture; or embed, the picture's file.",
            valueName: "place"))
    var to: Target?

    @OptionGroup var rules: WriteRuleArguments

    var isDryRun: Bool { rules.dryRun }

    /// `nil` where nothing is written into files.
    var options: WordWriter.Options? { to.map(rules.options) }
}

/// How words are written, wherever that is.
struct WriteRuleArguments: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "The sidecar's name: full, photo.jpg.xmp; or stem, photo.xmp, as Adobe's programs expect.",
            valueName: "form"))
    var sidecarName = SidecarName.full

    @Flag(help: "Also replace text that a person wrote.")
    var overwrite = false

    @Flag(help: "Write nothing; say what would be written.")
    var dryRun = false

    func options(_ target: WriteArguments.Target) -> WordWriter.Options {
        var options = WordWriter.Options(
            place: target == .embed ? .embedded : .sidecar(sidecarName))
        options.overwrites = overwrite
        options.isDryRun = dryRun
        return options
    }
}

extension SidecarName: ExpressibleByArgument {}

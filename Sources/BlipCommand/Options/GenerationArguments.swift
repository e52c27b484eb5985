import ArgumentParser
import BLIP

/// How texts are generated.
struct GenerationArguments: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "The most tokens of a text, the begin token and the prompt included.", valueName: "n"))
    var maxLength = 20

    @Option(
        help: ArgumentHelp(
            "The fewest tokens of a text, the begin token and the prompt included.",
            valueName: "n"))
    var minLength = 0

    var options: GenerationOptions {
        GenerationOptions(maximumLength: maxLength, minimumLength: minLength)
    }
}

import ArgumentParser

/// What is printed.
struct OutputArguments: ParsableArguments {
    @Flag(help: "Print one JSON object a line, and nothing else, on standard output.")
    var json = false

    @Flag(name: .shortAndLong, help: "Tell on standard error how long each stage took.")
    var verbose = false
}

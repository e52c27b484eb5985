import ArgumentParser

/// How a run over many pictures goes, and what it prints.
struct OutputArguments: ParsableArguments {
    @Flag(help: "Print one JSON object a line, and nothing else, on standard output.")
    var json = false

    @Option(
        help: ArgumentHelp("The most pictures that run together.", valueName: "n"))
    var batch = 8

    @Flag(name: .shortAndLong, help: "Tell on standard error how long each stage took.")
    var verbose = false

    func validate() throws {
        if !(1...1024).contains(batch) {
            throw ValidationError("--batch wants a number from 1 to 1024, not \(batch).")
        }
    }
}

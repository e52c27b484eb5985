import ArgumentParser
import BLIP
import BlipCommandSupport

struct Blip: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "blip",
        abstract: "Captions pictures, answers questions about them and matches them with texts.",
        discussion: """
            Runs BLIP, a vision-language model, on OpenVINO: on a CPU, GPU or NPU. Without --model it \
            uses what BLIP_MODEL or blip models --default names, or else a small demo model that knows \
            only drawn scenes. For photographs, give a checkpoint from Hugging Face, such as \
            Salesforce/blip-vqa-base.

            EXAMPLES
              blip caption photo.jpg --model blip-image-captioning-base
              blip caption holiday/ --json > captions.jsonl
              blip ask photo.jpg "how many dogs are there?" "what color is the sea?"
              blip match photo.jpg "a dog on a beach" "a city at night"
              blip index Photos && blip search "a dog on a beach"
              blip pull Salesforce/blip-vqa-base
              blip convert blip-vqa-base --out blip-vqa-f16
              blip serve --port 8080
              blip watch rtsp://192.168.1.20/stream --ask "is the door open?" --every 2s
              blip bench --report speed.html
              blip eval captions captions_val2014.json val2014/ --limit 500
              blip compare blip-vqa-base blip-vqa-int8 photos/ --report changes.html
              blip doctor

            Completions for your shell: blip --generate-completion-script bash
            """,
        version: programVersion,
        subcommands: [
            Caption.self, Ask.self, MatchTexts.self, Index.self, Search.self, Duplicates.self,
            Write.self, Watch.self, WatchTeach.self, Pull.self, Models.self, Convert.self,
            Serve.self, Worker.self, Bench.self, Eval.self, Compare.self, Devices.self,
            DoctorCommand.self,
        ])

    static func main() async {
        BlipLog.send { if $0 == .notice { Terminal.note($1) } }
        let given = CommandArguments.joiningCommands(CommandArguments.asGiven)
        if let hint = hint(forEmptyIn: given) {
            Terminal.complain(hint)
            exit(withError: ExitCode(Failure.Status.usage.rawValue))
        }
        let word = given.first ?? ""
        if let hint = hint(forCommand: word) {
            Terminal.complain("There is no command \"\(word)\"; \(hint)")
            exit(withError: ExitCode(Failure.Status.usage.rawValue))
        }
        do {
            let arguments = try CommandArguments.separatingFiles(given)
            await main(arguments)
        } catch {
            Terminal.complain(error.description)
            exit(withError: ExitCode(error.status.rawValue))
        }
    }

    /// What is wrong with an empty argument, which is never meant: an empty path would be the working
    /// directory, to be written to and cleaned; `nil` where there is none.
    private static func hint(forEmptyIn arguments: [String]) -> String? {
        let options = arguments.prefix { $0 != "--" }
        if let option = options.first(where: { $0.hasPrefix("--") && $0.hasSuffix("=") }) {
            return "\(option.dropLast()) has an empty value; is a variable unset?"
        }
        return arguments.firstIndex(of: "").map { index in
            let place = index > 0 ? "The argument after \(arguments[index - 1])" : "The argument"
            return "\(place) is empty; is a variable unset?"
        }
    }

    /// What to try instead of a word that is no command; `nil` for one that is, and for options.
    private static func hint(forCommand word: String) -> String? {
        let names = configuration.subcommands.map { $0._commandName } + ["help"]
        if word.isEmpty || word.hasPrefix("-") || names.contains(word) { return nil }
        guard let similar = word.nearest(in: names) else {
            return "blip --help lists what there is."
        }
        return "did you mean \(similar)?"
    }
}

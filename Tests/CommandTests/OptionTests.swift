import Foundation
import Testing

@Suite("Options and words that look like others")
struct OptionTests {
    private let photo = Repository.photo("china.jpg")
    private let model = ["--model", Repository.checkpoint("all-tasks")]

    @Test func negativeNumbers() async throws {
        let shorter = try await BlipProgram.run(
            ["caption", photo, "--beams", "3", "--length-penalty", "-1"] + model)
        #expect(shorter.status == 0, "\(shorter.errors)")
        for option in ["max-length", "beams", "temperature", "top-k", "seed", "batch", "threads"] {
            let refused = try await BlipProgram.run(
                ["caption", photo, "--\(option)", "-1"] + model)
            #expect(refused.status == 64, "\(option): \(refused.errors)")
            #expect(!refused.errors.contains("Missing value"), "\(option): \(refused.errors)")
        }
    }

    /// As low as it may be, a temperature leaves the likeliest token only: at f32, where no two are as likely.
    @Test(arguments: ["1e-39", "1e-45", "1e-60"])
    func theLowestTemperatures(temperature: String) async throws {
        let model = model + ["--precision", "f32"]
        let greedy = try await BlipProgram.run(["caption", photo] + model)
        let drawn = try await BlipProgram.run(
            ["caption", photo, "--temperature", temperature, "--seed", "1"] + model)
        #expect(drawn.status == 0, "\(drawn.errors)")
        #expect(drawn.output == greedy.output)
    }

    @Test func textsWithoutWords() async throws {
        for words in [
            ["ask", photo, "what is it?", ""], ["ask", photo, " \u{200B}"], ["match", photo, ""],
            ["caption", photo, "--prompt", ""],
        ] {
            let refused = try await BlipProgram.run(words + model)
            #expect(refused.status == 64, "\(words): \(refused.errors)")
            #expect(refused.output.isEmpty)
            let reason = words.contains("") ? "is empty" : "needs a word at least"
            #expect(refused.errors.contains(reason), "\(refused.errors)")
        }
    }

    @Test func wordsThatBeginWithADash() async throws {
        let folder = try TemporaryFolder()
        // A shell's * gives the first, in whose name -h would ask for help.
        let both = try await BlipProgram.shell(
            """
            cd "$1"; cp "$2" ./-dash.jpg; cp "$2" ./--two.jpg; cp "$2" z.jpg
            exec "$BLIP" caption *.jpg --model "$3"
            """, folder.url.path, photo, model[1])
        #expect(both.status == 0, "\(both.errors)")
        #expect(both.output.contains("./-dash.jpg: ") && both.output.contains("./--two.jpg: "))

        let missing = try await BlipProgram.run("caption", "-dash.jpg", "--json")
        #expect(missing.status == 64)
        #expect(missing.output.isEmpty)
        #expect(missing.errors.contains("\"-dash.jpg\" is no option and no file"))

        let asked = try await BlipProgram.run(
            ["ask"] + model + ["--json", "--", photo, "-how many?"])
        #expect(try asked.objects().first?["question"] as? String == "-how many?")
    }

    /// It need not run, but may neither hang nor crash.
    @Test(
        .enabled(
            if: FileManager.default.isWritableFile(atPath: "/sys/fs/cgroup/pids/cgroup.procs")),
        arguments: [2, 4, 12, 64])
    func fewThreads(limit: Int) async throws {
        let result = try await BlipProgram.shell(
            """
            group=/sys/fs/cgroup/pids/blip-test-$$
            mkdir $group; echo $1 > $group/pids.max
            (echo $BASHPID > $group/cgroup.procs; exec "$BLIP" caption "$2" --model "$3")
            status=$?; rmdir $group; exit $status
            """, "\(limit)", photo, model[1])
        if limit == 64 {
            #expect(result.status == 0, "\(result.errors)")
        } else {
            #expect(result.status == 69)
            #expect(result.errors.split(separator: "\n").count == 1)
            #expect(result.errors.contains("--pids-limit"), "\(result.errors)")
        }
    }
}

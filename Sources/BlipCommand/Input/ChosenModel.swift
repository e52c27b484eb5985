import BLIP
import BlipDemoModel
import Foundation

/// The model that a command runs.
struct ChosenModel {
    /// As it was named.
    let name: String
    let location: URL

    /// The model that was named, or the default; where that is the demo model, says so, which is to be
    /// done once a run.
    ///
    /// - Parameters:
    ///   - model: what `--model` says.
    ///   - tasks: what it is for.
    init(_ model: String?, for tasks: Set<BlipTask>) async throws {
        if let model {
            name = model
            location = try await ModelLocation.find(model)
        } else if let chosen = try DefaultModel.find() {
            name = chosen.name
            location = try await ModelLocation.find(chosen.name, setBy: chosen.setter)
        } else {
            name = "demo"
            location = DemoModel.folder
            // One that answers captions too.
            let task = tasks.contains(.answer) ? .answer : tasks.first ?? .answer
            Terminal.note(Self.demoNote(task))
        }
    }

    /// For reports.
    var title: String {
        ModelLocation.embedded.contains { $0.1 == location } ? "\(name) (embedded)" : name
    }

    private static func demoNote(_ task: BlipTask) -> String {
        """
        This is the demo model: it knows drawn scenes of a few emoji, and nothing of photographs. \
        Two commands get a real one, and make it the default:
          blip pull \(task.example)
          blip models --default \(task.example)
        """
    }
}

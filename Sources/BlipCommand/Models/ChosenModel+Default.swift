import BLIP
import BlipCommandSupport
import BlipDemoModel
import Foundation

extension ChosenModel {
    /// The model that was named, or the default; where that is the demo model, says so, which is to be
    /// done once a run.
    ///
    /// - Parameters:
    ///   - model: what `--model` says.
    ///   - tasks: what it is for.
    init(_ model: String?, for tasks: Set<BlipTask>) async throws {
        if let model {
            self.init(name: model, at: try await ModelLocation.find(model))
        } else if let chosen = try DefaultModel.find() {
            self.init(
                name: chosen.name,
                at: try await ModelLocation.find(chosen.name, setBy: chosen.setter))
        } else {
            self.init(name: "demo", at: DemoModel.folder)
            // One that answers captions too.
            let task = tasks.contains(.answer) ? .answer : tasks.first ?? .answer
            Terminal.note(Self.demoNote(task))
        }
    }

    private init(name: String, at location: URL) {
        self.init(
            name: name, location: location,
            isEmbedded: ModelLocation.embedded.contains { $0.1 == location })
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

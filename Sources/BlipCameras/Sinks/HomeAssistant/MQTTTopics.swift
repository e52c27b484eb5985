/// Where things are published. Names of cameras and sensors have letters, digits, `_` and `-` only.
struct MQTTTopics: Sendable, Hashable {
    /// What all begin with.
    let root: String

    /// `online` or `offline`: whether the program runs.
    var status: String { "\(root)/status" }

    func availability(_ camera: String) -> String { "\(root)/\(camera)/availability" }
    /// An event as JSON; not retained.
    func event(_ camera: String) -> String { "\(root)/\(camera)/event" }
    /// The last event's frame as JPEG.
    func picture(_ camera: String) -> String { "\(root)/\(camera)/picture" }
    /// `ON` or `OFF`.
    func paused(_ camera: String) -> String { "\(root)/\(camera)/paused" }
    func setPaused(_ camera: String) -> String { "\(root)/\(camera)/paused/set" }
    /// Whatever comes, the camera is looked at.
    func ask(_ camera: String) -> String { "\(root)/\(camera)/ask" }
    func state(_ camera: String, _ sensor: String) -> String {
        "\(root)/\(camera)/sensor/\(sensor)"
    }
    func attributes(_ camera: String, _ sensor: String) -> String {
        "\(state(camera, sensor))/attributes"
    }

    /// What commands come under.
    var commands: [String] { ["\(root)/+/paused/set", "\(root)/+/ask"] }

    /// What a command's topic asks for.
    func command(_ topic: String) -> (camera: String, command: Command)? {
        guard topic.hasPrefix("\(root)/") else { return nil }
        let levels = topic.dropFirst(root.count + 1).split(separator: "/").map(String.init)
        switch levels.dropFirst() {
        case ["paused", "set"]: return (levels[0], .pause)
        case ["ask"]: return (levels[0], .ask)
        default: return nil
        }
    }

    enum Command { case pause, ask }
}

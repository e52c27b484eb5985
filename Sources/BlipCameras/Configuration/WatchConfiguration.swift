package import Foundation

/// What `blip watch` does: the YAML file, checked, with its secrets read.
package struct WatchConfiguration: Sendable, Hashable {
    /// The file; `nil` for one camera that was given on the command line.
    package var file: URL?
    /// A model's name, unless `--model` tells another.
    package var model: String?
    /// In the file's order.
    package var cameras: [CameraConfiguration] = []
    /// In the file's order.
    package var sensors: [SensorConfiguration] = []
    package var mqtt: MQTTConfiguration?
    package var webhook: WebhookConfiguration?
    package var pictures: PicturesConfiguration?
    /// Where counts are written for Prometheus' node exporter; `nil` for nowhere.
    package var metricsFile: URL?

    package init() {}

    /// A camera's sensors.
    package func sensors(of camera: String) -> [SensorConfiguration] {
        sensors.filter { $0.camera == camera }
    }
}

/// A camera, or what gives frames as one does.
package struct CameraConfiguration: Sendable, Hashable {
    package enum Kind: String, Sendable, CaseIterable {
        case stream, snapshot, v4l2, file, folder
    }

    package var name: String
    /// An address with its credentials, a device, a file or a folder. Never printed: see ``publicSource``.
    package var source: String
    package var kind: Kind
    /// Frames a second that are looked at; of snapshots 1.
    package var rate: Double = 5
    /// Pictures that are whole by themselves, one in a few seconds; the others, which tell what changed since,
    /// cost most of the processor time.
    package var decodesKeyFramesOnly = false
    /// RTSP over UDP instead of TCP.
    package var usesUDP = false
    /// Files and folders as fast as they can be read, for trials; else at the speed of life.
    package var isFast = false
    /// The longest side of frames, to which larger ones are shrunk; `nil` for the camera's own.
    package var maximumSide: Int? = 1280
    /// Without a frame for so long the stream is opened anew.
    package var timeout = Duration.seconds(20)
    /// What people call it; its name where the file says nothing.
    package var title: String

    package init(name: String, source: String, kind: Kind) {
        self.name = name
        self.source = source
        self.kind = kind
        title = name
        if kind == .snapshot { rate = 1 }
    }
}

/// A standing question about a camera.
package struct SensorConfiguration: Sendable, Hashable {
    package enum Question: Sendable, Hashable {
        /// States are `yes` and `no`.
        case yesNo(String)
        /// States are the answers.
        case choice(String, answers: [String])
        /// States are numbers, written in digits.
        case number(String)
        /// States are what the model writes.
        case answer(String)
        /// States are captions; they begin with the prompt, which may be empty.
        case caption(prompt: String)
        /// States are labels; each has a text that is matched with the picture.
        case match([Label])
        /// States that are taught and nothing is asked.
        case taught([String])
    }

    package struct Label: Sendable, Hashable {
        package let state: String
        package let text: String

        package init(state: String, text: String) {
            self.state = state
            self.text = text
        }
    }

    package var name: String
    package var camera: String
    package var question: Question
    /// What it looks at; `nil` for the whole frame.
    package var region: Region?
    /// The least time between two looks.
    package var every = Duration.seconds(1)
    /// Looks whenever something moves, and only then.
    package var onMotion = false
    /// The least probability that counts.
    package var threshold: Double
    /// A state changes when `agreeing` of the last `frames` answers say so.
    package var agreeing = 2
    package var frames = 3
    /// The least change of brightness of a part of the region, 0 to 1, that is worth a look; 0 for all.
    package var minimumChange = 0.03
    /// The cosine of two looks' embeddings from which on the answer is the last one; above 1 for never.
    package var sameCosine = 0.998
    /// What people call it; its name where the file says nothing.
    package var title: String
    /// As Home Assistant has it, such as `door`.
    package var deviceClass: String?
    /// As Home Assistant has it, such as `mdi:garage`.
    package var icon: String?

    package init(name: String, camera: String, question: Question) {
        self.name = name
        self.camera = camera
        self.question = question
        title = name
        threshold = question.defaultThreshold
    }

    /// What is asked, in words; `nil` for captions and what is taught.
    package var questionText: String? {
        switch question {
        case .yesNo(let text), .choice(let text, _), .number(let text), .answer(let text): text
        case .match(let labels): labels.map(\.text).joined(separator: ", ")
        case .caption, .taught: nil
        }
    }

    /// The states that it can have besides ``CameraEvent/unknown``; `nil` where any words may come.
    package var states: [String]? {
        switch question {
        case .yesNo: ["yes", "no"]
        case .choice(_, let answers): answers
        case .match(let labels): labels.count == 1 ? ["yes", "no"] : labels.map(\.state)
        case .taught(let states): states
        case .number, .answer, .caption: nil
        }
    }
}

extension SensorConfiguration.Question {
    /// Free words are less likely than one of two.
    package var defaultThreshold: Double {
        switch self {
        case .yesNo, .choice, .match, .taught: 0.6
        case .number: 0.5
        case .answer, .caption: 0.3
        }
    }
}

extension WatchConfiguration {
    static let keys: [ConfigurationKey] = [
        .init("model", .text, "The model's name, unless --model tells another."),
        .init("cameras", .named(CameraConfiguration.keys), "Cameras by name.", isRequired: true),
        .init("sensors", .named(SensorConfiguration.keys), "Standing questions by name."),
        .init("mqtt", .section(MQTTConfiguration.keys), "The broker that events go to."),
        .init(
            "webhook", .section(WebhookConfiguration.keys), "The address that events are posted to."
        ),
        .init("pictures", .section(PicturesConfiguration.keys), "The folder of events' pictures."),
        .init("metrics_file", .text, "Where counts are written for Prometheus' node exporter."),
    ]
}

extension CameraConfiguration {
    static let keys: [ConfigurationKey] = [
        .init(
            "source", .text, "rtsp:// or http:// address, /dev/video0, a video file or a folder.",
            isRequired: true),
        .init(
            "kind", .choice(Kind.allCases.map(\.rawValue)),
            "What the source is, where its name misleads."),
        .init("user", .text, "The user's name, where the address has none."),
        .init("password", .text, "The password; better ${NAME} or password_file."),
        .init("password_file", .text, "A file whose first line is the password."),
        .init(
            "rate", .number(0.01...60), "Frames a second that are looked at; 5, or 1 of snapshots."),
        .init(
            "key_frames", .boolean,
            "Only key frames are decoded, one in a few seconds, for little processor time; false."),
        .init("transport", .choice(["tcp", "udp"]), "How RTSP sends frames; tcp."),
        .init("speed", .choice(["real", "fast"]), "How fast files are read; real."),
        .init(
            "max_side", .integer(0...8_192),
            "The longest side of frames, 0 for the camera's own; 1280."),
        .init("timeout", .duration, "Without a frame for so long the stream is opened anew; 20s."),
        .init("title", .text, "What people call it."),
    ]
}

extension SensorConfiguration {
    static let keys: [ConfigurationKey] = [
        .init("camera", .text, "The camera's name; may be left out where there is one."),
        .init("ask", .text, "The question."),
        .init(
            "type", .choice(["yes_no", "choice", "number", "answer", "caption"]),
            "What the answer is, where the question does not show it."),
        .init("answers", .texts, "The answers to choose among."),
        .init("prompt", .text, "What captions begin with."),
        .init("match", .labels, "Texts that may fit the picture, by state."),
        .init("states", .texts, "States that are taught by pictures, without a question."),
        .init("region", .region, "What is looked at: a box or corners, as shares from 0 to 1."),
        .init("every", .duration, "The least time between two looks; 1s."),
        .init("on_motion", .boolean, "Look whenever something moves, and only then."),
        .init("threshold", .number(0...1), "The least probability that counts."),
        .init("agree", .integer(1...100), "So many of the last answers change the state; 2."),
        .init("of", .integer(1...100), "How many answers those last ones are; 3."),
        .init(
            "min_change", .number(0...1),
            "The least change of brightness that is worth a look; 0.03."),
        .init("same", .number(-1...2), "The cosine from which on a look is the last one; 0.998."),
        .init("title", .text, "What people call it."),
        .init("device_class", .text, "As Home Assistant has it, such as door."),
        .init("icon", .text, "As Home Assistant has it, such as mdi:garage."),
    ]
}

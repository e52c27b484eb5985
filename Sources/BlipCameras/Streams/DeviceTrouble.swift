/// What Video4Linux's errors mean for whoever has plugged a camera in.
enum DeviceTrouble {
    private static let absence =
        "is not there; plug the camera in, and see /dev/v4l/by-id for its name"

    private static let meanings = [
        ("No such file or directory", absence), ("No such device", absence),
        ("Permission denied", "may not be opened; add the user of blip to the group video"),
        (
            "Operation not permitted",
            "may not be opened; let the service or container use the device"
        ),
        ("Device or resource busy", "is in use by another program; end that one"),
        (
            "Inappropriate ioctl for device",
            "is no camera; /dev/v4l/by-id has those that there are, and index0 is the one with pictures"
        ),
        (
            "Not a video capture device",
            "gives no pictures; a camera may have several devices, and index0 in /dev/v4l/by-id is the one"
        ),
    ]

    /// - Parameters:
    ///   - words: what ffmpeg said last.
    ///   - device: such as `/dev/video0`.
    /// - Returns: a sentence without its end that tells what to do; what ffmpeg said where that is not known.
    static func sentence(_ words: String, device: String) -> String {
        guard let meaning = meanings.first(where: { words.contains($0.0) })?.1 else { return words }
        return "\(device) \(meaning)"
    }
}

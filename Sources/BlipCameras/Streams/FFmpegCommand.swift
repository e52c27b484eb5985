import Foundation

/// How ffmpeg is called for a camera.
///
/// An address is not among the arguments, which every user of the machine can read: ffmpeg reads it from
/// standard input, as a list of one file (its concat format).
struct FFmpegCommand {
    let arguments: [String]
    /// What it reads on standard input.
    let input: String

    /// - Parameter camera: any but a folder.
    init(_ camera: CameraConfiguration) {
        var arguments = ["-hide_banner", "-nostdin", "-loglevel", "error"]
        var filters: [String] = []
        // Decoding in several threads holds as many frames back.
        arguments += ["-threads", "1"]
        // The others are not even decoded.
        if camera.decodesKeyFramesOnly { arguments += ["-skip_frame", "nokey"] }
        input = Self.list(camera)
        switch camera.kind {
        case .file:
            if !camera.isFast { arguments += ["-re"] }
            arguments += ["-i", "file:\(camera.source)"]
            filters.append("fps=\(camera.rate)")
        case .v4l2:
            arguments += ["-f", "v4l2", "-i", camera.source]
            filters.append(Self.thinning(to: camera.rate))
        case .stream, .snapshot, .folder:
            arguments += [
                "-f", "concat", "-safe", "0", "-protocol_whitelist", Self.protocols, "-i", "pipe:0",
            ]
            if camera.kind == .snapshot {
                arguments += ["-frames:v", "1"]
            } else {
                filters.append(Self.thinning(to: camera.rate))
            }
        }
        if let side = camera.maximumSide {
            filters.append(
                "scale='min(\(side),iw)':'min(\(side),ih)':force_original_aspect_ratio=decrease")
        }
        arguments += ["-map", "0:v:0", "-fps_mode", "passthrough"]
        if !filters.isEmpty { arguments += ["-vf", filters.joined(separator: ",")] }
        self.arguments =
            arguments + ["-f", "image2pipe", "-c:v", "ppm", "-pix_fmt", "rgb24", "pipe:1"]
    }

    /// Passes frames so many a second, at once; the filter fps would wait for the next one.
    private static func thinning(to rate: Double) -> String {
        // A hair less, since cameras' times are rounded.
        "select='isnan(prev_selected_t)+gte(t-prev_selected_t\\,\(0.95 / rate))'"
    }

    private static func list(_ camera: CameraConfiguration) -> String {
        guard camera.kind == .stream || camera.kind == .snapshot else { return "" }
        var lines = ["ffconcat version 1.0", "file '\(quoted(camera.source))'"]
        if camera.source.lowercased().hasPrefix("rtsp") {
            lines.append("option rtsp_transport \(camera.usesUDP ? "udp" : "tcp")")
        }
        if camera.kind == .stream {
            // A stream begins without a long look at it.
            lines += [
                "option analyzeduration 500000", "option fpsprobesize 0", "option fflags nobuffer",
            ]
        }
        return lines.joined(separator: "\n") + "\n"
    }

    private static func quoted(_ text: String) -> String {
        text.replacing("'", with: "'\\''")
    }

    private static let protocols =
        "pipe,rtsp,rtsps,rtp,srtp,rtmp,rtmps,tcp,udp,http,https,httpproxy,tls,crypto,hls"
}

import Synchronization

/// What a server or a watch did, in the text format of Prometheus.
package final class Metrics: Sendable {
    private struct Series: Hashable {
        let name: String
        let labels: String
    }
    private struct Histogram {
        var counts: [Int]
        var sum = 0.0
    }
    private struct State {
        var counters: [Series: Int] = [:]
        var histograms: [Series: Histogram] = [:]
    }

    private let state = Mutex(State())

    package init() {}

    package func count(_ name: String, _ labels: [(String, String)] = [], by amount: Int = 1) {
        let series = Series(name: name, labels: Self.text(labels))
        state.withLock { $0.counters[series, default: 0] += amount }
    }

    package func observe(_ value: Double, in name: String, _ labels: [(String, String)] = []) {
        let series = Series(name: name, labels: Self.text(labels))
        let bounds = Self.bounds(of: name)
        state.withLock { state in
            var histogram =
                state.histograms[series]
                ?? Histogram(counts: [Int](repeating: 0, count: bounds.count + 1))
            histogram.counts[bounds.firstIndex { value <= $0 } ?? bounds.count] += 1
            histogram.sum += value
            state.histograms[series] = histogram
        }
    }

    package func observe(batch size: Int, stage: String) {
        observe(Double(size), in: "blip_batch_size", [("stage", stage)])
    }

    /// - Parameters:
    ///   - timings: one text's or picture's share of a batch.
    ///   - count: how many shares the batch had.
    package func observe(_ timings: StageTimings, count: Int = 1) {
        let stages = [
            ("preprocess", timings.preprocess), ("vision", timings.vision),
            ("text", timings.text), ("decode", timings.decode),
        ]
        for (stage, time) in stages where time > .zero {
            observe(
                (time.milliseconds / 1_000) * Double(count), in: "blip_stage_seconds",
                [("stage", stage)])
        }
    }

    package func observe(_ texts: [[GeneratedText]]) {
        count(
            "blip_generated_tokens_total", by: texts.joined().reduce(0) { $0 + $1.tokenIDs.count })
        if let first = texts.first?.first { observe(first.timings, count: texts.count) }
    }

    private static func bounds(of name: String) -> [Double] {
        name.hasSuffix("_size")
            ? [1, 2, 4, 8, 16, 32, 64]
            : [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30]
    }

    private static func text(_ labels: [(String, String)]) -> String {
        labels.map { name, value in
            let escaped = value.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"")
                .replacing("\n", with: "\\n")
            return "\(name)=\"\(escaped)\""
        }.joined(separator: ",")
    }

    /// A value that is only known when it is asked for.
    package struct Gauge {
        let name: String
        let labels: [(String, String)]
        let value: Double

        package init(name: String, labels: [(String, String)] = [], value: Double) {
            self.name = name
            self.labels = labels
            self.value = value
        }
    }

    /// The exposition, with gauges besides what was counted.
    package func exposition(gauges: [Gauge]) -> String {
        let state = state.withLock { $0 }
        var lines: [String] = []
        var name: String?
        for gauge in gauges {
            let value = Int(exactly: gauge.value).map { "\($0)" } ?? "\(gauge.value)"
            // Those of a name stand together.
            if gauge.name != name { lines += Self.head(gauge.name, "gauge") }
            name = gauge.name
            lines.append(Self.line(gauge.name, Self.text(gauge.labels), value))
        }
        for (name, series) in Dictionary(grouping: state.counters, by: \.key.name)
            .sorted(by: { $0.key < $1.key })
        {
            lines += Self.head(name, "counter")
            for (series, value) in series.sorted(by: { $0.key.labels < $1.key.labels }) {
                lines.append(Self.line(series.name, series.labels, "\(value)"))
            }
        }
        for (name, series) in Dictionary(grouping: state.histograms, by: \.key.name)
            .sorted(by: { $0.key < $1.key })
        {
            lines += Self.head(name, "histogram")
            for (series, histogram) in series.sorted(by: { $0.key.labels < $1.key.labels }) {
                lines += Self.lines(series, histogram)
            }
        }
        return lines.joined(separator: "\n") + "\n"
    }

    private static func head(_ name: String, _ type: String) -> [String] {
        ["# HELP \(name) \(help[name] ?? name)", "# TYPE \(name) \(type)"]
    }

    private static let help = [
        "blip_batch_size": "Rows of the batches that ran, by stage.",
        "blip_build_info": "1; its labels tell of the program.",
        "blip_camera_answers_total": "Answers about cameras' frames.",
        "blip_camera_available": "1 where the camera gives frames, else 0.",
        "blip_camera_events_total": "States that changed.",
        "blip_camera_failures_total": "Looks at frames that failed.",
        "blip_camera_frames_total": "Frames that cameras gave.",
        "blip_camera_gated_total":
            "Looks that a gate answered: by a change too small, or a vector alike.",
        "blip_camera_latency_seconds": "From a frame's arrival to its answer.",
        "blip_camera_restarts_total": "Streams that were opened anew.",
        "blip_connections": "Open connections.",
        "blip_failures_total": "Requests that were refused or failed, or whose client left (499).",
        "blip_generated_tokens_total": "Tokens of captions and answers.",
        "blip_picture_cache_hits_total": "Pictures that had been encoded already.",
        "blip_picture_cache_misses_total": "Pictures that had to be encoded.",
        "blip_queue_depth": "Requests that run or wait.",
        "blip_queue_seconds": "Time that pictures and texts wait for their batch, by stage.",
        "blip_request_seconds": "From a request's head to the end of its answer.",
        "blip_requests_total": "Requests, by route and status.",
        "blip_stage_seconds": "Time of the model's stages, a batch or picture each.",
        "process_open_fds": "Open file descriptors.",
        "process_resident_memory_bytes": "Memory that is resident.",
        "process_start_time_seconds": "When the process began, in seconds since 1970.",
    ]

    private static func lines(_ series: Series, _ histogram: Histogram) -> [String] {
        let bounds = bounds(of: series.name).map { "\($0)" } + ["+Inf"]
        let prefix = series.labels.isEmpty ? "" : series.labels + ","
        var sum = 0
        var lines: [String] = []
        for (bound, count) in zip(bounds, histogram.counts) {
            sum += count
            lines.append(line("\(series.name)_bucket", "\(prefix)le=\"\(bound)\"", "\(sum)"))
        }
        lines.append(line("\(series.name)_sum", series.labels, "\(histogram.sum)"))
        lines.append(line("\(series.name)_count", series.labels, "\(sum)"))
        return lines
    }

    private static func line(_ name: String, _ labels: String, _ value: String) -> String {
        labels.isEmpty ? "\(name) \(value)" : "\(name){\(labels)} \(value)"
    }
}

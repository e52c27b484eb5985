/// Milliseconds by stage as JSON.
package struct TimingRecord: Encodable, Sendable {
    /// Left out but for the first text that a program prints.
    package let load: Double?
    package let preprocess: Double
    package let vision: Double
    package let text: Double
    package let decode: Double
    /// Of all, loading included.
    package let total: Double

    package init(_ timings: StageTimings, load: Duration? = nil) {
        self.load = load?.milliseconds
        preprocess = timings.preprocess.milliseconds
        vision = timings.vision.milliseconds
        text = timings.text.milliseconds
        decode = timings.decode.milliseconds
        total = (timings.total + (load ?? .zero)).milliseconds
    }
}

extension Duration {
    /// Milliseconds, to the microsecond.
    package var milliseconds: Double {
        let (seconds, attoseconds) = components
        return ((Double(seconds) * 1e6 + Double(attoseconds) / 1e12).rounded()) / 1e3
    }
}

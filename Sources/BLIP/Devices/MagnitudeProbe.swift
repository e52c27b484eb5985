import OpenVINO
import BlipPictures
package import Foundation

/// How large a model's numbers become over pictures, operation by operation: f16 has none beyond 65,504.
package struct MagnitudeProbe {
    /// An operation's largest number, whatever its sign.
    package struct Magnitude: Sendable, Hashable {
        package let part: ModelPart
        /// The operation, behind the block that it belongs to: `layer.3/MatMul_71`.
        package let node: String
        package var value: Float

        /// Of f16's range, 0 to 1; more is lost.
        package var share: Float { value / RoundToHalf.largest }
    }

    private let probe: DeviceProbe
    private let found = Found()

    private final class Found {
        var values: [ModelPart: [String: Float]] = [:]
    }

    /// - Parameter folder: as ``BlipModel/init(folder:options:)`` takes it.
    package init(folder: URL, options: RuntimeOptions) throws {
        let opened = try ModelFolder(folder, options)
        var options = options
        options.device = "CPU"
        options.precision = .f32
        options.shapes = .dynamic
        // Such graphs serve this alone.
        options.cacheDirectory = nil
        options.observesMagnitudes = true
        var probe = try DeviceProbe(
            opened.source, available: opened.parts, configuration: opened.configuration,
            options: options)
        probe.observe = { [found] part, request in
            for (index, port) in request.compiledModel.outputs.enumerated() {
                guard let node = ObserveMagnitudes.node(of: port.name) else {
                    continue
                }
                for value in try request.output(at: index).array(of: Float.self) {
                    // What is no number is beyond every range.
                    let magnitude = value.isNaN ? .infinity : value.magnitude
                    found.values[part, default: [:]][node, default: 0] = max(
                        magnitude, found.values[part]?[node] ?? 0)
                }
            }
        }
        self.probe = probe
    }

    /// Runs a model over a picture.
    ///
    /// - Throws: ``BlipError`` where it cannot run.
    package func add(_ picture: PreparedPicture) throws(BlipError) {
        let findings = probe.run(over: [picture.pixels.values])
        if let failure = findings.failure { throw BlipError(.invalidOption, failure) }
    }

    /// What was found, the largest first.
    package var magnitudes: [Magnitude] {
        found.values.flatMap { part, nodes in
            nodes.map { Magnitude(part: part, node: $0.key, value: $0.value) }
        }.sorted { ($0.value, $0.node) > ($1.value, $1.node) }
    }
}

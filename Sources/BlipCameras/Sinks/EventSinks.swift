package import Logging

/// The sinks that a configuration names.
package enum EventSinks {
    /// - Parameters:
    ///   - configuration: which there are, and how they are reached.
    ///   - control: what the broker's buttons ask.
    ///   - logger: told of what cannot be delivered.
    package static func sinks(
        for configuration: WatchConfiguration, control: any WatchControl, logger: Logger
    ) -> [any EventSink] { [] }
}

package import Logging

/// The sinks that a configuration names.
package enum EventSinks {
    /// - Parameters:
    ///   - configuration: which there are, and how they are reached.
    ///   - control: what the broker's buttons ask.
    ///   - logger: told once of what cannot be delivered, and when it can again.
    package static func sinks(
        for configuration: WatchConfiguration, control: any WatchControl, logger: Logger
    ) -> [any EventSink] {
        let mqtt = configuration.mqtt.map {
            MQTTSink($0, watch: configuration, control: control, logger: logger)
        }
        let webhook = configuration.webhook.map {
            WebhookSink($0, file: configuration.file, logger: logger)
        }
        let pictures = configuration.pictures.map {
            PictureSink($0, watch: configuration, logger: logger)
        }
        return ([mqtt, webhook, pictures] as [(any EventSink)?]).compactMap(\.self)
    }
}

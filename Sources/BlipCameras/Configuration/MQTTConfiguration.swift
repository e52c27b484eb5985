import BlipMQTT
package import Foundation

/// The broker that events go to.
package struct MQTTConfiguration: Sendable, Hashable {
    package var host: String
    /// 1883, or 8883 with TLS.
    package var port: Int
    package var usesTLS = false
    /// Certificates to trust (PEM) instead of the system's.
    package var authorities: URL?
    package var user: String?
    package var password: String?
    package var clientID = "blip"
    /// Topics begin with it. One for each program: it tells of all under them, and takes back what others do.
    package var topic = "blip"
    /// Home Assistant's; `nil` for no discovery.
    package var discoveryPrefix: String? = "homeassistant"
    /// 0 or 1.
    package var qualityOfService = 1
    package var keepAlive = Duration.seconds(30)

    package init(host: String, usesTLS: Bool = false) {
        self.host = host
        self.usesTLS = usesTLS
        port = usesTLS ? 8883 : 1883
    }
}

extension MQTTConfiguration {
    package static let keys: [ConfigurationKey] = [
        .init("host", .text, "The broker's name or address.", isRequired: true),
        .init("port", .integer(1...65_535), "Its port; 1883, or 8883 with TLS."),
        .init("tls", .boolean, "Encrypt the connection."),
        .init("ca_file", .text, "Certificates to trust (PEM), instead of the system's."),
        .init("user", .text, "The user's name."),
        .init("password", .text, "The password; better ${NAME} or password_file."),
        .init("password_file", .text, "A file whose first line is the password."),
        .init("client_id", .text, "The client's name at the broker; as the topic."),
        .init("topic", .text, "What topics begin with, for each program its own; blip."),
        .init("discovery", .boolean, "Tell Home Assistant of cameras and sensors; true."),
        .init("discovery_prefix", .text, "Home Assistant's prefix; homeassistant."),
        .init("qos", .integer(0...1), "Quality of service of states and events; 1."),
        .init("keep_alive", .duration, "The longest silence; 30s."),
    ]

    /// - Parameter problems: told of what the keys alone do not show.
    package init(_ section: ConfigurationSection, _ problems: inout ConfigurationProblems) {
        self.init(host: section.text("host") ?? "", usesTLS: section.boolean("tls") ?? false)
        port = section.integer("port") ?? port
        authorities = section.file("ca_file")
        user = section.text("user")
        password = section.secret("password", &problems)
        topic = section.text("topic") ?? topic
        // So that a second program, which needs topics of its own, has a name of its own as well.
        clientID =
            section.text("client_id") ?? topic.replacing(/[^A-Za-z0-9_\-]/, with: "_")
        discoveryPrefix =
            section.boolean("discovery") == false
            ? nil : section.text("discovery_prefix") ?? discoveryPrefix
        qualityOfService = section.integer("qos") ?? qualityOfService
        keepAlive = section.duration("keep_alive") ?? keepAlive
        check(section.path, &problems)
    }

    /// What would only fail at the broker, or never connect.
    private func check(_ path: String, _ problems: inout ConfigurationProblems) {
        if host.isEmpty {
            problems.add("\(path).host is empty; write the broker's name or address.")
        }
        if clientID.isEmpty {
            problems.add("\(path).client_id is empty; write a name, or leave it out.")
        }
        for (key, name) in [("topic", topic), ("discovery_prefix", discoveryPrefix ?? "x")]
        where (try? Topic.check(name: name)) == nil || name.hasPrefix("$")
            || name.utf8.count > 1_000
        {
            problems.add(
                "\(path).\(key) is no topic; write words with / between them, without + and #.")
        }
        if !(.seconds(1)...Duration.seconds(65_535)).contains(keepAlive) {
            problems.add("\(path).keep_alive wants a time from 1s to 18h.")
        }
        if let authorities, !FileManager.default.isReadableFile(atPath: authorities.path) {
            problems.add(
                "\(path).ca_file: \(authorities.path) cannot be read; check its path and rights.")
        }
    }
}

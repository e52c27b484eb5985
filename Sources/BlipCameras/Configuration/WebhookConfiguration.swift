package import Foundation

/// The address that events are posted to.
package struct WebhookConfiguration: Sendable, Hashable {
    package var url: URL
    /// The key of the signature (HMAC); `nil` for none.
    package var secret: String?
    /// Where events wait that could not be posted; `nil` for beside the configuration.
    package var queue: URL?
    /// The most that wait; older ones give way.
    package var limit = 1_000

    package init(url: URL) { self.url = url }
}

extension WebhookConfiguration {
    package static let keys: [ConfigurationKey] = [
        .init("url", .text, "The address that events are posted to.", isRequired: true),
        .init("secret", .text, "The signature's key; better ${NAME} or secret_file."),
        .init("secret_file", .text, "A file whose first line is the signature's key."),
        .init("queue", .text, "A folder where events wait that could not be posted."),
        .init("limit", .integer(1...1_000_000), "The most events that wait; 1000."),
    ]

    /// - Parameter problems: told of what the keys alone do not show.
    package init?(_ section: ConfigurationSection, _ problems: inout ConfigurationProblems) {
        let address = section.text("url") ?? ""
        guard let url = URL(string: address), url.host() != nil,
            ["http", "https"].contains(url.scheme?.lowercased())
        else {
            problems.add("\(section.path).url is no address; write one that begins with https://.")
            return nil
        }
        self.init(url: url)
        secret = section.secret("secret", &problems)
        queue = section.file("queue")
        limit = section.integer("limit") ?? limit
    }
}

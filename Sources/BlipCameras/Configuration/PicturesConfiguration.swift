package import Foundation

/// The folder that keeps the pictures of events.
package struct PicturesConfiguration: Sendable, Hashable {
    package var folder: URL
    package var maximumMegabytes = 500
    package var maximumDays = 30

    package init(folder: URL) { self.folder = folder }
}

extension PicturesConfiguration {
    package static let keys: [ConfigurationKey] = [
        .init("folder", .text, "Where pictures of events are kept.", isRequired: true),
        .init("max_megabytes", .integer(1...10_000_000), "The most they take; 500."),
        .init("max_days", .integer(1...36_500), "How long they are kept; 30."),
    ]

    package init(_ section: ConfigurationSection) {
        self.init(folder: section.file("folder") ?? section.folder)
        maximumMegabytes = section.integer("max_megabytes") ?? maximumMegabytes
        maximumDays = section.integer("max_days") ?? maximumDays
    }
}

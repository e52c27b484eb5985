import Logging

/// Tells of a trouble once, and when it is over.
struct Trouble {
    private let logger: Logger
    private var told: String?

    init(logger: Logger) { self.logger = logger }

    mutating func tell(_ sentence: String) {
        guard told != sentence else { return }
        told = sentence
        logger.warning("\(sentence)")
    }

    mutating func end(_ sentence: String) {
        guard told != nil else { return }
        told = nil
        logger.notice("\(sentence)")
    }
}

/// The rules of MQTT 3.1.1, section 4.7.
package enum Topic {
    /// - Throws: ``MQTTError`` for a name that nothing can be published under.
    package static func check(name: String) throws(MQTTError) {
        try checkText(name)
        // Bytes: a letter's accent may follow a +, which is then another character.
        if name.utf8.contains(where: { $0 == UInt8(ascii: "+") || $0 == UInt8(ascii: "#") }) {
            throw MQTTError(
                .invalidTopic,
                "The topic \"\(name)\" has a + or #, which only subscriptions have; leave them out")
        }
    }

    static func check(filter: String) throws(MQTTError) {
        try checkText(filter)
        let levels = filter.split(separator: "/", omittingEmptySubsequences: false)
        for (index, level) in levels.enumerated() {
            let isWhole = level.count == 1
            let isLast = index == levels.count - 1
            if level.contains("#") && !(isWhole && isLast) || level.contains("+") && !isWhole {
                throw MQTTError(
                    .invalidTopic,
                    "The subscription \"\(filter)\" is none: + and # stand for whole levels, and # "
                        + "for the last")
            }
        }
    }

    private static func checkText(_ text: String) throws(MQTTError) {
        guard !text.isEmpty, text.utf8.count <= Int(UInt16.max), !text.utf8.contains(0) else {
            throw MQTTError(
                .invalidTopic,
                "A topic has 1 to 65535 bytes and no NUL; \"\(text.prefix(40))\" is none")
        }
    }

    /// Whether a subscription to `filter` is given what is published under `name`.
    package static func matches(_ name: String, filter: String) -> Bool {
        // What begins with $ is the broker's own, and only matched by name.
        if name.hasPrefix("$"), filter.hasPrefix("+") || filter.hasPrefix("#") { return false }
        var names = name.split(separator: "/", omittingEmptySubsequences: false)[...]
        for level in filter.split(separator: "/", omittingEmptySubsequences: false) {
            if level == "#" { return true }
            guard let first = names.popFirst(), level == "+" || level == first else { return false }
        }
        return names.isEmpty
    }
}

/// What is wrong with a configuration: all of it, in the file's order.
package struct ConfigurationProblems: Error, CustomStringConvertible {
    /// A sentence each.
    package private(set) var sentences: [String] = []

    package init(_ sentences: [String] = []) { self.sentences = sentences }

    package mutating func add(_ sentence: String) { sentences.append(sentence) }

    package var description: String { sentences.joined(separator: "\n") }
}

/// Why bytes are no JSON that the reader takes.
package struct JSONError: Error, Hashable {
    package enum Code: Hashable {
        case syntax, encoding, repeatedName, nesting
    }

    package let code: Code
    /// What is there, to be read after "has": "a number that is too large".
    package let problem: String
    /// Where, in bytes from the start.
    package let offset: Int
}

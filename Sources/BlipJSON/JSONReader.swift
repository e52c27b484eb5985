/// Reads JSON (RFC 8259) from bytes that nobody vouches for, value by value, and builds no tree
/// unless it is asked for a ``value()``.
///
/// Foundation's decoder keeps one of two members with the same name, has no order of members, and
/// holds the whole tree in memory. A checkpoint's header must have no such members and may have
/// 100 MB; a tokenizer's file is large and ordered.
package struct JSONReader<Failure: Error> {
    /// Far from what the stack can take, and deeper than any checkpoint's file.
    package static var maximumDepth: Int { 64 }

    let bytes: UnsafeRawBufferPointer
    let isStrict: Bool
    private let failure: (JSONError) -> Failure
    var position = 0
    private var depth = 0

    /// - Parameters:
    ///   - bytes: They must outlive the reader.
    ///   - isStrict: Refuses what Python's `json` reads: a name twice in an object, NaN, Infinity.
    ///   - failure: Makes the error that is thrown.
    package init(
        _ bytes: UnsafeRawBufferPointer, isStrict: Bool, failure: @escaping (JSONError) -> Failure
    ) {
        self.bytes = bytes
        self.isStrict = isStrict
        self.failure = failure
    }

    /// Reads an object; `member` must consume the value of each name that it is given.
    package mutating func object(
        _ member: (String, inout Self) throws(Failure) -> Void
    ) throws(Failure) {
        var names: Set<String> = []
        try list(from: "{", to: "}") { (reader) throws(Failure) in
            let name = try reader.string()
            if reader.isStrict, !names.insert(name).inserted {
                throw reader.error("\"\(name.prefix(60))\" twice", .repeatedName)
            }
            try reader.expect(":")
            try member(name, &reader)
        }
    }

    /// Reads an array; `element` must consume each of its values.
    package mutating func array(
        _ element: (inout Self) throws(Failure) -> Void
    ) throws(Failure) {
        try list(from: "[", to: "]", element)
    }

    /// Reads a whole number that is not negative and fits.
    package mutating func integer() throws(Failure) -> Int {
        skipSpace()
        guard case .integer(let value) = try number(), value >= 0 else {
            throw error("something else than a whole number from 0 to \(Int.max)")
        }
        return value
    }

    /// Reads any value.
    package mutating func value() throws(Failure) -> JSONValue {
        skipSpace()
        switch next.map(Unicode.Scalar.init) {
        case "{":
            var members: [JSONValue.Member] = []
            try object { (key, reader) throws(Failure) in
                members.append(.init(key: key, value: try reader.value()))
            }
            return .object(members)
        case "[":
            var elements: [JSONValue] = []
            try array { (reader) throws(Failure) in elements.append(try reader.value()) }
            return .array(elements)
        case "\"": return .string(try string())
        default:
            if let literal = literal() { return literal }
            return try number()
        }
    }

    /// Reads any value and forgets it.
    ///
    /// - Parameter checksStrings: whether strings are read for it, with a copy of each; without that their
    ///   escapes and encoding are not looked at.
    package mutating func skipValue(checksStrings: Bool = true) throws(Failure) {
        skipSpace()
        switch next.map(Unicode.Scalar.init) {
        case "{":
            try object { (_, reader) throws(Failure) in
                try reader.skipValue(checksStrings: checksStrings)
            }
        case "[":
            try array { (reader) throws(Failure) in
                try reader.skipValue(checksStrings: checksStrings)
            }
        case "\"": if checksStrings { _ = try string() } else { try skipString() }
        default: if literal() == nil { _ = try scanNumber() }
        }
    }

    /// Bytes that are read.
    package var offset: Int { position }

    /// Throws unless only white space is left.
    package mutating func end() throws(Failure) {
        skipSpace()
        guard next == nil else { throw error("text after its end") }
    }

    package func error(_ problem: String, _ code: JSONError.Code = .syntax) -> Failure {
        failure(JSONError(code: code, problem: problem, offset: position))
    }

    package mutating func expect(_ character: Unicode.Scalar) throws(Failure) {
        skipSpace()
        guard take(character) else {
            throw error("\(describeNext()) in place of \"\(character)\"")
        }
    }

    private mutating func list(
        from open: Unicode.Scalar, to close: Unicode.Scalar,
        _ item: (inout Self) throws(Failure) -> Void
    ) throws(Failure) {
        try expect(open)
        depth += 1
        defer { depth -= 1 }
        guard depth <= Self.maximumDepth else {
            throw error("more than \(Self.maximumDepth) levels of nesting", .nesting)
        }
        skipSpace()
        if take(close) { return }
        while true {
            try item(&self)
            skipSpace()
            if take(close) { return }
            try expect(",")
        }
    }
}

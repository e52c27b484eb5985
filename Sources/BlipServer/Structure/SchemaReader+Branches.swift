import BlipJSON

extension SchemaReader {
    /// The first of some possibilities that can be filled; the first one's error where none can.
    mutating func firstPossible<Element>(
        _ elements: [Element],
        _ read: (Element, inout SchemaReader) throws(ServiceError) -> Schema
    ) throws(ServiceError) -> Schema? {
        var failure: ServiceError?
        for element in elements {
            var attempt = self
            do {
                let schema = try read(element, &attempt)
                self = attempt
                return schema
            } catch {
                failure = failure ?? error
            }
        }
        if let failure { throw failure }
        return nil
    }

    mutating func branches(
        _ branches: [JSONValue], of value: JSONValue, _ path: Path, _ key: String
    ) throws(ServiceError) -> Schema {
        let others = (value.members ?? []).filter { !Self.annotations.contains($0.key) }
        guard others.allSatisfy({ [key, "type"].contains($0.key) }) else {
            throw path.refused("more than one of its parts")
        }
        switch key {
        case "allOf" where branches.count != 1: throw path.refused("several schemas at once")
        case "oneOf" where !areApart(branches):
            throw path.refused("one of kinds that overlap")
        default: break
        }
        let closed = branches.compactMap { $0["const"].map { [$0] } ?? $0["enum"]?.elements }
        if closed.count == branches.count, closed.count > 1 {
            return try choice(closed.flatMap(\.self), value, path, "enum")
        }
        let numbered = Array(branches.enumerated())
        let full = numbered.filter { $0.element["type"] != .string("null") }
        let schema = try firstPossible(full) { (branch, reader) throws(ServiceError) in
            try reader.read(branch.element, path.adding("\(branch.offset)")).schema
        }
        guard let schema else { return .choice([.null]) }
        guard let type = value["type"] else { return schema }
        guard schema.fits(type: type) else { throw path.refused("two types at once") }
        return schema
    }

    /// Whether no value fits two of them.
    func areApart(_ branches: [JSONValue]) -> Bool {
        let types = branches.map { branch -> String? in
            let target = branch["$ref"]?.text.flatMap(root.target(of:)) ?? branch
            guard let type = target["type"]?.text else { return nil }
            return type == "integer" ? "number" : type
        }
        let closed = branches.compactMap { $0["const"].map { [$0] } ?? $0["enum"]?.elements }
        if closed.count == branches.count {
            let all = closed.flatMap(\.self)
            return Set(all).count == all.count
        }
        return !types.contains(nil) && Set(types).count == types.count
    }
}

import BlipJSON

/// A field that is there, whatever it holds: its value is read with ``orderedMembers(_:of:)``.
struct AnyField: Decodable {
    init(from decoder: any Decoder) throws {}
}

/// Some members of a JSON body, with the order of what is in them, which Foundation's decoder loses.
func orderedMembers(
    _ names: Set<String>, of body: [UInt8]
) throws(ServiceError) -> [String: JSONValue] {
    let members = body.withUnsafeBytes { bytes in
        Result { () throws(JSONError) in try read(names, bytes) }
    }
    switch members {
    case .success(let members): return members
    case .failure(let error):
        throw .invalid("The body has \(error.problem); send it otherwise")
    }
}

private func read(
    _ names: Set<String>, _ bytes: UnsafeRawBufferPointer
) throws(JSONError) -> [String: JSONValue] {
    // Some clients begin with a byte order mark, which Foundation's decoder passes over.
    let mark = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
    var reader = JSONReader<JSONError>(
        UnsafeRawBufferPointer(rebasing: bytes[mark...]), isStrict: false
    ) { $0 }
    var members: [String: JSONValue] = [:]
    try reader.object { (name, reader) throws(JSONError) in
        if names.contains(name) {
            members[name] = try reader.value()
        } else {
            // Pictures are among them, and what is used of the rest Foundation's decoder reads.
            try reader.skipValue(checksStrings: false)
        }
    }
    return members
}

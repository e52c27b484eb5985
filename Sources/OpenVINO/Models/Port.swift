internal import COpenVINO

/// An input or an output of a model.
public struct Port: Hashable, Sendable {
    /// Its place among the inputs, or among the outputs.
    package let index: Int

    /// Its name; empty if it has none. Of several names this is the one that OpenVINO's C API gives
    /// out; models and requests find the port by each of them.
    public let name: String

    /// The shapes that it takes.
    public let shape: PartialShape

    /// The type of the elements that it takes or gives.
    public let elementType: ElementType

    /// Reads a port and frees the C object.
    init(consuming pointer: OpaquePointer, index: Int) throws(OpenVINOError) {
        defer { ov_output_const_port_free(pointer) }
        self.index = index
        self.name = Self.name(of: pointer)

        var shape = ov_partial_shape_t()
        try check(ov_port_get_partial_shape(pointer, &shape), "read the shape of port \(index)")
        defer { ov_partial_shape_free(&shape) }
        self.shape = PartialShape(shape)

        var type = DYNAMIC
        try check(ov_port_get_element_type(pointer, &type), "read the type of port \(index)")
        self.elementType = ElementType(type)
    }

    /// The name of a C port, which stays the caller's. A port without names makes OpenVINO fail,
    /// which is no error here.
    static func name(of pointer: OpaquePointer) -> String {
        (try? string("read a port's name") { ov_port_get_any_name(pointer, &$0) }) ?? ""
    }
}

extension Port: CustomStringConvertible {
    /// Such as `input_ids: i64 [1,?]`.
    public var description: String { "\(name): \(elementType) \(shape)" }
}

/// Which side of a model a port is on.
enum Side: String {
    case input
    case output
}

/// The C functions of a model, or of a compiled model, that list its ports.
struct PortTable {
    typealias Count = (OpaquePointer?, UnsafeMutablePointer<Int>?) -> ov_status_e
    typealias ByIndex = (OpaquePointer?, Int, UnsafeMutablePointer<OpaquePointer?>?) -> ov_status_e

    let owner: OpaquePointer
    let side: Side
    let count: Count
    let byIndex: ByIndex

    func ports() throws(OpenVINOError) -> [Port] {
        var total = 0
        try check(count(owner, &total), "count the \(side)s of a model")
        var ports: [Port] = []
        for index in 0..<total {
            let port = try created("find \(side) \(index)") { byIndex(owner, index, &$0) }
            ports.append(try Port(consuming: port, index: index))
        }
        return ports
    }
}

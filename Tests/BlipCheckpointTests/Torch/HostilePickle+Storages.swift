@testable import BlipCheckpoint

extension HostilePickle {
    private typealias A = Assemble

    private static func identifier(_ parts: [[UInt8]]) -> [UInt8] {
        A.pickle(A.tuple(parts) + A.op(.binPersID))
    }

    /// Persistent identifiers and tensors whose arguments are of a wrong kind. (Sizes and offsets
    /// that lie need a file around them: see `StorageViewTests`.)
    static let storages = [
        HostilePickle(
            "an identifier that is a string", A.pickle(A.text("storage") + A.op(.binPersID)),
            .pickleInvalid, naming: "persistent identifier"),
        HostilePickle(
            "an identifier that is an integer", A.pickle(A.int(0) + A.op(.binPersID)),
            .pickleInvalid, naming: "persistent identifier"),
        HostilePickle("an empty identifier", identifier([]), .pickleInvalid, naming: "persistent"),
        HostilePickle(
            "an identifier of a module",
            identifier([
                A.text("module"), A.op(.none), A.text("x.py"), A.text("import os"), A.int(0),
            ]),
            .pickleInvalid, naming: "persistent"),
        HostilePickle(
            "a storage of no storage's type",
            identifier([
                A.text("storage"), A.name("torch", "Size"), A.text("0"), A.text("cpu"), A.int(1),
            ]),
            .pickleInvalid, naming: "persistent"),
        HostilePickle(
            "a storage of negative size",
            A.pickle(A.storage(count: -1)), .pickleInvalid, naming: "persistent"),
        HostilePickle(
            "a storage of a size past 64 bits",
            identifier([
                A.text("storage"), A.name("torch", "FloatStorage"), A.text("0"), A.text("cpu"),
                A.op(.long1, [9] + [UInt8](repeating: 0x7F, count: 9)),
            ]),
            .pickleInvalid, naming: "persistent"),
        HostilePickle(
            "a view of a storage",
            identifier([
                A.text("storage"), A.name("torch", "FloatStorage"), A.text("0"), A.text("cpu"),
                A.int(1), A.ints([1, 2, 3]),
            ]),
            .pickleInvalid, naming: "view"),
        HostilePickle(
            "a tensor without a storage",
            A.one(A.tensor(A.text("0"), shape: [1], strides: [1])), .pickleInvalid,
            naming: "tensor"),
        HostilePickle(
            "a tensor of too few arguments",
            A.one(A.call("torch._utils", "_rebuild_tensor_v2", [A.storage(count: 1)])),
            .pickleInvalid, naming: "tensor"),
        HostilePickle(
            "a tensor of too many dimensions",
            A.one(
                A.tensor(
                    A.storage(count: 1), shape: [Int](repeating: 1, count: 65),
                    strides: [Int](repeating: 1, count: 65))),
            .pickleInvalid, naming: "tensor"),
    ]
}

import Testing

@testable import BlipCheckpoint

/// A pickle that must be refused, and how.
struct HostilePickle: CustomTestStringConvertible {
    let testDescription: String
    let bytes: [UInt8]
    let code: CheckpointError.Code
    /// What the message must name.
    let named: String

    init(
        _ title: String, _ bytes: [UInt8], _ code: CheckpointError.Code,
        naming named: String = "p.bin"
    ) {
        testDescription = title
        self.bytes = bytes
        self.code = code
        self.named = named
    }
}

extension HostilePickle {
    private typealias A = Assemble

    static let all =
        names.map { title, module, function in
            HostilePickle(
                title, A.pickle(A.call(module, function, [A.text("touch /tmp/pwned")])),
                .pickleForbiddenName, naming: "\(module).\(function)")
        } + tricks + opcodes + malformed + bombs + storages

    /// Functions that real attacks call.
    private static let names = [
        ("os.system", "os", "system"),
        ("posix.system", "posix", "system"),
        ("nt.system", "nt", "system"),
        ("builtins.eval", "builtins", "eval"),
        ("builtins.exec", "builtins", "exec"),
        ("Python 2's eval", "__builtin__", "eval"),
        ("builtins.getattr", "builtins", "getattr"),
        ("builtins.__import__", "builtins", "__import__"),
        ("subprocess.Popen", "subprocess", "Popen"),
        ("importlib.import_module", "importlib", "import_module"),
        ("operator.attrgetter", "operator", "attrgetter"),
        ("operator.methodcaller", "operator", "methodcaller"),
        ("pickle.loads, nested", "pickle", "loads"),
        ("runpy._run_code", "runpy", "_run_code"),
        ("webbrowser.open", "webbrowser", "open"),
        ("torch.load, nested", "torch", "load"),
        ("torch.hub.load", "torch.hub", "load"),
        ("a path through an allowed name", "collections", "OrderedDict.fromkeys"),
        ("dunders of an allowed name", "torch._utils", "_rebuild_tensor_v2.__globals__"),
        ("an allowed name of another module", "os", "OrderedDict"),
        ("an allowed module's import", "torch._utils", "importlib.import_module"),
        ("a storage of another module", "evil", "FloatStorage"),
        ("numpy's reconstruct", "numpy.core.multiarray", "_reconstruct"),
        ("a codec", "_codecs", "encode"),
        ("an empty name", "", ""),
    ]

    private static let ordered = A.name("collections", "OrderedDict")
    private static let noArguments = A.op(.emptyTuple)

    /// Ways to a forbidden name that a list of forbidden names would miss.
    private static let tricks = [
        HostilePickle(
            "a name computed from strings",
            A.pickle(A.text("os") + A.text("system") + A.op(.stackGlobal)),
            .pickleForbiddenName, naming: "os.system"),
        HostilePickle(
            "a computed name by way of the memo",
            A.pickle(
                A.text("posix") + A.op(.binPut, [0]) + A.op(.pop) + A.text("system")
                    + A.op(.binPut, [1]) + A.op(.pop) + A.op(.binGet, [0]) + A.op(.binGet, [1])
                    + A.op(.stackGlobal)),
            .pickleForbiddenName, naming: "posix.system"),
        HostilePickle(
            "a name of things that are no strings",
            A.pickle(A.int(1) + A.int(2) + A.op(.stackGlobal)), .pickleInvalid, naming: "name"),
        HostilePickle(
            "a name with an end of line in it",
            A.pickle(A.text("collections\nOrderedDict") + A.text("x") + A.op(.stackGlobal)),
            .pickleForbiddenName, naming: "OrderedDict"),
        HostilePickle(
            "a forbidden name deep inside a good file",
            A.one(A.tensor(A.call("os", "getcwd", []), shape: [1], strides: [1])),
            .pickleForbiddenName, naming: "os.getcwd"),
        HostilePickle(
            "an instruction after a dropped value",
            A.pickle(A.int(1) + A.op(.pop) + A.name("sys", "exit")),
            .pickleForbiddenName, naming: "sys.exit"),
        HostilePickle(
            "BUILD on a tensor",
            A.one(
                A.tensor(A.storage(count: 1), shape: [1], strides: [1]) + A.op(.emptyDict)
                    + A.op(.build)),
            .pickleForbiddenOpcode, naming: "BUILD on a tensor"),
        HostilePickle(
            "BUILD on a function", A.pickle(ordered + A.op(.emptyDict) + A.op(.build)),
            .pickleForbiddenOpcode, naming: "BUILD on collections.OrderedDict"),
        HostilePickle(
            "a call of a string", A.pickle(A.text("eval") + noArguments + A.op(.reduce)),
            .pickleInvalid, naming: "a string"),
        HostilePickle(
            "a call of a call's result",
            A.pickle(ordered + noArguments + A.op(.reduce) + noArguments + A.op(.reduce)),
            .pickleInvalid, naming: "call"),
        HostilePickle(
            "a call of a storage's class",
            A.pickle(A.name("torch", "FloatStorage") + noArguments + A.op(.reduce)),
            .pickleInvalid, naming: "storage"),
        HostilePickle(
            "arguments that are no tuple",
            A.pickle(ordered + A.op(.emptyList) + A.op(.reduce)), .pickleInvalid),
        HostilePickle(
            "an OrderedDict of no pairs",
            A.pickle(
                A.call("collections", "OrderedDict", [A.op(.emptyList) + A.int(1) + A.op(.append)])),
            .pickleInvalid, naming: "pairs"),
        HostilePickle(
            "a torch.Size of strings",
            A.pickle(A.call("torch", "Size", [A.tuple([A.text("x")])])), .pickleInvalid,
            naming: "torch.Size"),
        HostilePickle(
            "a parameter of a string",
            A.pickle(A.call("torch._utils", "_rebuild_parameter", [A.text("x")])), .pickleInvalid,
            naming: "parameter"),
    ]

    /// Instructions that call or import without REDUCE, or that nobody needs.
    private static let opcodes =
        [
            HostilePickle(
                "INST",
                A.pickle(
                    A.op(.mark) + A.text("id") + A.op(.inst, Array("os\nsystem\n".utf8))),
                .pickleForbiddenOpcode, naming: "INST os.system")
        ]
        + [
            (PickleOpcode.obj, "OBJ"), (.newObj, "NEWOBJ"), (.newObjEx, "NEWOBJ_EX"),
            (.ext1, "EXT1"), (.ext2, "EXT2"), (.ext4, "EXT4"), (.persID, "PERSID"),
            (.frozenSet, "FROZENSET"), (.nextBuffer, "NEXT_BUFFER"),
            (.readOnlyBuffer, "READONLY_BUFFER"), (.int, "INT"), (.long, "LONG"),
            (.string, "STRING"), (.unicode, "UNICODE"), (.get, "GET"), (.put, "PUT"),
            (.dict, "DICT"), (.list, "LIST"), (.emptySet, "EMPTY_SET"), (.addItems, "ADDITEMS"),
        ].map { opcode, name in
            HostilePickle(
                name,
                A.pickle(
                    A.op(.mark) + ordered + A.op(.emptyTuple) + A.op(.emptyDict)
                        + A.op(opcode, Array("1\n\n\n".utf8))),
                .pickleForbiddenOpcode, naming: "instruction \(name),")
        }
}

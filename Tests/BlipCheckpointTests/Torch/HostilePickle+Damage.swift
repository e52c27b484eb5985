@testable import BlipCheckpoint

extension HostilePickle {
    private typealias A = Assemble

    /// Pickles that no pickler writes.
    static let malformed = [
        HostilePickle("nothing", [], .pickleTruncated),
        HostilePickle("only STOP", A.op(.stop), .pickleInvalid),
        HostilePickle("no STOP", A.op(.none), .pickleTruncated),
        HostilePickle("no instruction", [0xFF], .pickleInvalid, naming: "0xff"),
        HostilePickle("an unknown protocol", A.op(.proto, [6]), .pickleInvalid, naming: "6"),
        HostilePickle("a frame past the end", A.op(.frame, UInt64.max.bytes), .pickleInvalid),
        HostilePickle(
            "a frame a byte too long", A.op(.frame, UInt64(2).bytes) + [0x4E], .pickleTruncated),
        HostilePickle(
            "a string past the end", A.op(.binUnicode, UInt32.max.bytes), .pickleTruncated),
        HostilePickle(
            "a long string past the end", A.op(.binUnicode8, UInt64.max.bytes), .pickleInvalid),
        HostilePickle(
            "a string of negative length", A.op(.binString, Int32(-1).bytes), .pickleInvalid,
            naming: "-1"),
        HostilePickle(
            "a string that is not UTF-8", A.op(.shortBinUnicode, [1, 0xFF]), .invalidUTF8),
        HostilePickle(
            "bytes past the end", A.op(.binBytes8, UInt64(1 << 40).bytes), .pickleTruncated),
        HostilePickle("a name without an end", A.op(.global, Array("os".utf8)), .pickleTruncated),
        HostilePickle(
            "a name that is too long", A.op(.global, [UInt8](repeating: 0x61, count: 10_000)),
            .pickleTooLarge, naming: "name"),
        HostilePickle("an integer past the end", A.op(.binInt, [1]), .pickleTruncated),
        HostilePickle("LONG4 of negative length", A.op(.long4, Int32.min.bytes), .pickleInvalid),
        HostilePickle("LONG4 past the end", A.op(.long4, Int32.max.bytes), .pickleTruncated),
        HostilePickle(
            "a huge LONG4",
            A.op(.long4, Int32(100_000).bytes) + [UInt8](repeating: 1, count: 100_000),
            .pickleTooLarge, naming: "integer"),
        HostilePickle("an empty memo", A.op(.binGet, [7]), .pickleInvalid, naming: "7"),
        HostilePickle("a memo of nothing", A.op(.memoize), .pickleInvalid),
        HostilePickle("a mark that is missing", A.op(.tuple), .pickleInvalid, naming: "mark"),
        HostilePickle(
            "values below a mark", A.op(.none) + A.op(.mark) + A.op(.tuple1), .pickleInvalid),
        HostilePickle("DUP of nothing", A.op(.dup), .pickleInvalid),
        HostilePickle("POP of nothing", A.op(.pop), .pickleInvalid),
        HostilePickle("values left over", A.op(.none) + A.pickle(A.op(.none)), .pickleInvalid),
        HostilePickle("a mark left over", A.op(.mark) + A.op(.stop), .pickleInvalid),
        HostilePickle(
            "items for a tuple", A.op(.emptyTuple) + A.op(.none) + A.op(.append), .pickleInvalid),
        HostilePickle(
            "half a member", A.op(.emptyDict) + A.op(.mark) + A.op(.none) + A.op(.setItems),
            .pickleInvalid),
        HostilePickle("no dictionary", A.pickle(A.int(1)), .notACheckpoint, naming: "an integer"),
        HostilePickle("no tensors", A.pickle(A.dictionary([("a", A.int(1))])), .notACheckpoint),
        HostilePickle(
            "a list in itself",
            A.pickle(A.op(.emptyList) + A.op(.memoize) + A.op(.binGet, [0]) + A.op(.append)),
            .notACheckpoint),
        HostilePickle(
            "a model in itself",
            A.pickle(
                A.op(.emptyDict) + A.op(.memoize) + A.text("model") + A.op(.binGet, [0])
                    + A.op(.setItem)),
            .notACheckpoint),
        HostilePickle(
            "a name twice",
            A.pickle(
                A.dictionary([
                    ("t", A.tensor(A.storage(count: 1), shape: [1], strides: [1])),
                    ("t", A.tensor(A.storage(count: 1), shape: [1], strides: [1])),
                ])),
            .duplicateName, naming: "\"t\""),
    ]

    /// Little files that ask for much. (Tests lower the limits, to be quick.)
    static let bombs = [
        HostilePickle(
            "a stack bomb", [UInt8](repeating: 0x4E, count: 3_000), .pickleTooLarge,
            naming: "stack"),
        HostilePickle(
            "a memo bomb", A.op(.none) + [UInt8](repeating: 0x94, count: 3_000), .pickleTooLarge,
            naming: "memo"),
        HostilePickle(
            "a mark bomb", [UInt8](repeating: 0x28, count: 3_000), .pickleTooLarge,
            naming: "marks"),
        HostilePickle(
            "a container bomb", [[UInt8]](repeating: [0x5D, 0x30], count: 3_000).flatMap { $0 },
            .pickleTooLarge, naming: "lists"),
        HostilePickle(
            "a deep list",
            [UInt8](repeating: 0x5D, count: 1_500) + [UInt8](repeating: 0x61, count: 1_499)
                + [0x2E],
            .notACheckpoint),
        HostilePickle(
            "a deep tuple", A.op(.none) + [UInt8](repeating: 0x85, count: 3_000), .pickleTooLarge),
        HostilePickle(
            "doubling lists",
            A.pickle(
                A.op(.emptyList)
                    + [[UInt8]](repeating: A.op(.dup) + A.op(.tuple2), count: 64).flatMap { $0 }),
            .notACheckpoint),
        HostilePickle(
            "doubling dictionaries",
            A.pickle(
                [[UInt8]](
                    repeating: A.op(.memoize) + A.op(.pop) + A.op(.emptyDict) + A.text("model")
                        + A.op(.binGet, [0]) + A.op(.setItem),
                    count: 40
                ).reduce(A.op(.emptyDict)) { $0 + $1 }),
            .notACheckpoint),
        HostilePickle(
            "an OrderedDict copied often",
            A.op(.emptyList) + A.op(.memoize) + A.op(.mark)
                + [[UInt8]](repeating: A.op(.none) + A.op(.dup) + A.op(.tuple2), count: 500)
                .flatMap { $0 } + A.op(.appends)
                + [[UInt8]](
                    repeating: A.name("collections", "OrderedDict") + A.op(.binGet, [0])
                        + A.op(.tuple1) + A.op(.reduce) + A.op(.pop),
                    count: 100
                ).flatMap { $0 },
            .pickleTooLarge, naming: "items"),
    ]
}

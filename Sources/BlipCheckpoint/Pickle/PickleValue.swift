/// A value on the stack of ``Unpickler``. Compound values are numbers into ``PickleHeap``: so a
/// recursive structure is no cycle of references, and freeing a deep one needs no deep stack.
enum PickleValue {
    case none
    case bool(Bool)
    case integer(Int)
    /// An integer of more than eight bytes: its bytes in two's complement, lowest first.
    case bigInteger([UInt8])
    /// A value that no tensor needs and whose content is not kept: a number with a fraction, bytes.
    case skipped
    case string(String)
    case name(AllowedName)
    case container(Int)
    case storage(Int)
    case tensor(Int)

    /// What it is, for messages.
    var kind: String {
        switch self {
        case .none: "None"
        case .bool: "a truth value"
        case .integer, .bigInteger: "an integer"
        case .skipped: "a number or bytes"
        case .string: "a string"
        case .name(let name): name.pythonName
        case .container: "a list, tuple or dictionary"
        case .storage: "a storage"
        case .tensor: "a tensor"
        }
    }
}

/// The compound values that a pickle has made.
struct PickleHeap {
    struct Container {
        enum Kind {
            case tuple
            case list
            /// Items alternate: key, value, key, value.
            case dictionary
        }
        let kind: Kind
        var items: [PickleValue]
    }

    /// A run of elements in the file, by the key under which the file keeps it.
    struct Storage {
        let key: String
        let dataType: DataType
        let elementCount: Int
    }

    /// A view of a storage: not yet checked against it.
    struct Tensor {
        let storage: Int
        let elementOffset: Int
        let shape: [Int]
        let strides: [Int]
    }

    var containers: [Container] = []
    var storages: [Storage] = []
    var tensors: [Tensor] = []

    func container(_ value: PickleValue, _ kind: Container.Kind) -> Container? {
        guard case .container(let number) = value, containers.indices.contains(number),
            containers[number].kind == kind
        else { return nil }
        return containers[number]
    }

    func storage(_ value: PickleValue) -> Storage? {
        guard case .storage(let number) = value, storages.indices.contains(number)
        else { return nil }
        return storages[number]
    }

    func tensor(_ value: PickleValue) -> Tensor? {
        guard case .tensor(let number) = value, tensors.indices.contains(number)
        else { return nil }
        return tensors[number]
    }

    /// The items of a tuple or list as integers, if all are, and no more than a tensor has
    /// dimensions. (Without that bound, a small pickle could have a long list copied often.)
    func integers(_ value: PickleValue) -> [Int]? {
        guard let items = (container(value, .tuple) ?? container(value, .list))?.items,
            items.count <= Unpickler.maximumRank
        else { return nil }
        var integers: [Int] = []
        for item in items {
            guard case .integer(let integer) = item else { return nil }
            integers.append(integer)
        }
        return integers
    }

    /// What a dictionary holds under this key.
    func value(_ key: String, in dictionary: Container) -> PickleValue? {
        for (name, value) in pairs(of: dictionary) where name == key { return value }
        return nil
    }

    /// The members of a dictionary whose keys are strings.
    func pairs(of dictionary: Container) -> [(key: String, value: PickleValue)] {
        let items = dictionary.items
        return stride(from: 0, to: items.count - items.count % 2, by: 2).compactMap { index in
            guard case .string(let key) = items[index] else { return nil }
            return (key, items[index + 1])
        }
    }
}

/// A pickle that has been read.
struct Pickle {
    let root: PickleValue
    let heap: PickleHeap
    /// Where the bytes after it begin.
    let end: Int
}

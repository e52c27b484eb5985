/// What in Python would import and call: here, the few things that a dictionary of tensors needs.
extension Unpickler {
    mutating func pushName(module: String, name: String) throws(CheckpointError) {
        guard let allowed = AllowedName(module: module, name: name) else {
            let isOfModels = ["torch.nn.", "transformers.", "peft.", "models.", "__main__"]
                .contains(where: module.hasPrefix)
            throw CheckpointError(
                .pickleForbiddenName, file: file,
                "its pickle asks for \("\(module).\(name)".quotable), which is not among the few"
                    + " names that a dictionary of tensors needs",
                remedy: isOfModels ? Remedy.stateDictionary : Remedy.untrusted)
        }
        try push(.name(allowed))
    }

    mutating func pushComputedName() throws(CheckpointError) {
        let parts = try pop(2)
        guard case .string(let module)? = parts.first, case .string(let name)? = parts.last else {
            throw invalid("a name that is not made of two strings")
        }
        try pushName(module: module, name: name)
    }

    /// REDUCE: in Python, calls the function below the tuple of arguments.
    mutating func reduce() throws(CheckpointError) {
        let parts = try pop(2)
        guard case .name(let name)? = parts.first, let last = parts.last,
            let arguments = heap.container(last, .tuple)?.items
        else {
            let callee = parts.first?.kind ?? "nothing"
            throw invalid("a call of \(callee), which is no function")
        }
        switch name {
        case .orderedDictionary: try pushOrderedDictionary(arguments)
        case .rebuildTensor: try pushTensor(arguments)
        case .rebuildParameter:
            guard let data = arguments.first, heap.tensor(data) != nil else {
                throw invalid("a parameter that is not made from a tensor")
            }
            try push(data)
        case .size:
            guard let sizes = arguments.first, heap.integers(sizes) != nil else {
                throw invalid("a torch.Size of something else than integers")
            }
            try push(sizes)
        case .storage:
            throw invalid("a call of \(name.pythonName), which files only refer to")
        }
    }

    /// `OrderedDict()`, or, as Python 2 wrote it, `OrderedDict([[key, value], ...])`.
    private mutating func pushOrderedDictionary(
        _ arguments: [PickleValue]
    ) throws(CheckpointError) {
        guard let argument = arguments.first else { return try pushContainer(.dictionary, []) }
        guard arguments.count == 1, let pairs = heap.container(argument, .list)?.items else {
            throw invalid("an OrderedDict made from something else than a list")
        }
        var items: [PickleValue] = []
        for pair in pairs {
            guard
                let both = (heap.container(pair, .list) ?? heap.container(pair, .tuple))?.items,
                both.count == 2
            else { throw invalid("an OrderedDict made from something else than pairs") }
            items += both
        }
        try pushContainer(.dictionary, items)
    }

    /// `_rebuild_tensor_v2(storage, offset, size, stride, requires_grad, hooks[, metadata])`.
    private mutating func pushTensor(_ arguments: [PickleValue]) throws(CheckpointError) {
        guard arguments.count == 6 || arguments.count == 7,
            case .storage(let storage) = arguments[0],
            case .integer(let offset) = arguments[1],
            let shape = heap.integers(arguments[2]),
            let strides = heap.integers(arguments[3])
        else { throw invalid("a tensor whose storage, offset, size and stride are not these") }
        guard heap.tensors.count < limits.values else { throw tooLarge("tensors", limits.values) }
        heap.tensors.append(
            .init(storage: storage, elementOffset: offset, shape: shape, strides: strides))
        try push(.tensor(heap.tensors.count - 1))
    }

    /// BUILD: in Python, gives an object attributes. `state_dict()` so attaches `_metadata` to its
    /// dictionary, which nothing here needs.
    mutating func build() throws(CheckpointError) {
        _ = try pop()
        guard heap.container(try top(), .dictionary) != nil else {
            throw CheckpointError(
                .pickleForbiddenOpcode, file: file,
                "its pickle uses the instruction BUILD on \(try top().kind), where only a"
                    + " dictionary may have attributes",
                remedy: Remedy.untrusted)
        }
    }

    /// BINPERSID: `("storage", type, key, location, count)`, and in the legacy layout a sixth part
    /// for views of storages, which is None since torch 0.4.
    mutating func pushStorage() throws(CheckpointError) {
        let identifier = try pop()
        guard let parts = heap.container(identifier, .tuple)?.items,
            parts.count == 5 || parts.count == 6,
            case .string("storage") = parts[0],
            case .name(.storage(let type)) = parts[1],
            case .string(let key) = parts[2],
            case .string = parts[3],
            case .integer(let count) = parts[4], count >= 0
        else { throw invalid("a persistent identifier that is not one of a storage") }
        if parts.count == 6 {
            guard case .none = parts[5] else {
                throw invalid("a view of a storage, as only torch before 0.4 wrote them")
            }
        }
        guard heap.storages.count < limits.values else { throw tooLarge("storages", limits.values) }
        heap.storages.append(.init(key: key, dataType: type, elementCount: count))
        try push(.storage(heap.storages.count - 1))
    }
}

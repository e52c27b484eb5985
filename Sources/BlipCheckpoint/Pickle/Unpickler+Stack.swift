/// Stack, marks, memo and containers, all bounded.
extension Unpickler {
    mutating func push(_ value: PickleValue) throws(CheckpointError) {
        guard stack.count < limits.values else {
            throw tooLarge("values on its stack", limits.values)
        }
        stack.append(value)
    }

    func top() throws(CheckpointError) -> PickleValue {
        guard stack.count > marks.last ?? 0, let value = stack.last else { throw underflow() }
        return value
    }

    mutating func pop() throws(CheckpointError) -> PickleValue {
        let value = try top()
        stack.removeLast()
        return value
    }

    /// The last `count` values, in the order in which they were pushed.
    mutating func pop(_ count: Int) throws(CheckpointError) -> [PickleValue] {
        guard stack.count - (marks.last ?? 0) >= count else { throw underflow() }
        defer { stack.removeLast(count) }
        return Array(stack.suffix(count))
    }

    mutating func openMark() throws(CheckpointError) {
        guard marks.count < limits.marks else { throw tooLarge("open marks", limits.marks) }
        marks.append(stack.count)
    }

    mutating func popToMark() throws(CheckpointError) -> [PickleValue] {
        guard let mark = marks.popLast() else { throw invalid("an instruction without its mark") }
        return try pop(stack.count - mark)
    }

    /// POP takes a mark away where there is nothing above it.
    mutating func popOrUnmark() throws(CheckpointError) {
        if marks.last == stack.count {
            marks.removeLast()
        } else {
            _ = try pop()
        }
    }

    mutating func remember(at index: Int) throws(CheckpointError) {
        guard memo.count < limits.values else { throw tooLarge("memo entries", limits.values) }
        memo[index] = try top()
    }

    mutating func recall(_ index: Int) throws(CheckpointError) {
        guard let value = memo[index] else { throw invalid("no memo entry \(index)") }
        try push(value)
    }

    mutating func pushContainer(
        _ kind: PickleHeap.Container.Kind, _ items: [PickleValue]
    ) throws(CheckpointError) {
        try count(items)
        guard heap.containers.count < limits.values else {
            throw tooLarge("lists, tuples and dictionaries", limits.values)
        }
        heap.containers.append(.init(kind: kind, items: items))
        try push(.container(heap.containers.count - 1))
    }

    /// Appends to the list or dictionary on top of the stack.
    mutating func extend(
        _ kind: PickleHeap.Container.Kind, with items: [PickleValue]
    ) throws(CheckpointError) {
        try count(items)
        guard case .container(let number) = try top(), heap.containers.indices.contains(number),
            heap.containers[number].kind == kind,
            kind != .dictionary || items.count.isMultiple(of: 2)
        else { throw invalid("items for something that cannot take them") }
        heap.containers[number].items.append(contentsOf: items)
    }

    private mutating func count(_ items: [PickleValue]) throws(CheckpointError) {
        itemCount += items.count
        guard itemCount <= limits.items else { throw tooLarge("items", limits.items) }
    }

    private func underflow() -> CheckpointError {
        invalid("an instruction that needs more values than there are")
    }
}

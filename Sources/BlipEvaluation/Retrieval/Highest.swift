/// The highest of many values, with what each is the value of, highest first; of equal values the first
/// that came. What is not a number is none.
package struct Highest<Element> {
    private let count: Int
    /// As many as were asked for, or as came.
    package private(set) var elements: [(element: Element, value: Float)] = []

    /// - Parameter count: how many are kept.
    package init(_ count: Int) { self.count = count }

    /// Keeps a value where it is among the highest.
    package mutating func add(_ element: Element, _ value: Float) {
        guard !value.isNaN, count > 0 else { return }
        if elements.count == count {
            guard let last = elements.last, value > last.value else { return }
            elements.removeLast()
        }
        let place = elements.firstIndex { $0.value < value } ?? elements.endIndex
        elements.insert((element, value), at: place)
    }
}

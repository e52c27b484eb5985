/// Why words could not be written, in one sentence that names the picture.
package struct WriteBackError: Error, CustomStringConvertible {
    package let description: String

    init(_ description: String) { self.description = description }
}

import BlipErrors

/// An error that ends the program: one sentence, and an exit status from sysexits.h.
package struct Failure: DescribedError {
    package enum Status: Int32 {
        case someFailed = 1
        case usage = 64
        case missingModel = 66
        case missingRuntime = 69
        case unforeseen = 70
        case cannotWrite = 73
    }

    package let status: Status
    package let message: String

    package init(_ status: Status, _ message: String) {
        self.status = status
        self.message = message
    }

    /// Ends the program with a status after what failed has been told of.
    package static func toldOf(_ status: Status) -> Failure { Failure(status, "") }

    /// Some pictures failed, and each has been told of already.
    package static let someFailedQuietly = toldOf(.someFailed)

    package var isToldOf: Bool { message.isEmpty }
}

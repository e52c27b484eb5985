internal import COpenVINO
public import BlipErrors

/// A call into OpenVINO, or a check made before one, that failed.
///
/// ``code`` says what kind of failure it is, ``operation`` what was being done (with the names and
/// shapes that were given), and ``message`` is OpenVINO's own explanation, where it has one.
public struct OpenVINOError: DescribedError {
    /// The kind of failure. Open: a later OpenVINO may bring codes that have no name here.
    public struct Code: RawRepresentable, Hashable, Sendable {
        /// OpenVINO's `ov_status_e`.
        public let rawValue: Int

        public init(rawValue: Int) {
            self.rawValue = rawValue
        }
    }

    /// What kind of failure it is.
    public let code: Code

    /// What was being done, as a phrase that completes "OpenVINO could not …".
    public let operation: String

    /// OpenVINO's explanation, shortened to what concerns the caller; empty when it gave none.
    ///
    /// OpenVINO keeps one such text per process, not per thread: when two calls fail at the same
    /// moment, one may report the other's text. ``code`` is always this call's own.
    public let message: String

    /// - Parameters:
    ///   - code: the kind of failure.
    ///   - operation: what was being done, as a phrase that completes "OpenVINO could not …".
    ///   - message: OpenVINO's explanation, if it gave one.
    package init(code: Code, operation: String, message: String = "") {
        self.code = code
        self.operation = operation
        self.message = message
    }
}

extension OpenVINOError.Code {
    /// Most failures that a model or a device reports.
    package static let generalError = Self(GENERAL_ERROR)
    /// What was asked for is not there in this device or version.
    package static let notImplemented = Self(NOT_IMPLEMENTED)
    /// A tensor's type, shape or size does not fit.
    public static let parameterMismatch = Self(PARAMETER_MISMATCH)
    /// No port, device or file of that name.
    public static let notFound = Self(NOT_FOUND)
    /// An index or a size lies outside of its range.
    package static let outOfBounds = Self(OUT_OF_BOUNDS)
    /// `UNEXPECTED`, which OpenVINO's header does not explain.
    package static let unexpected = Self(UNEXPECTED)
    /// The request is running; a request can run one inference at a time.
    package static let requestBusy = Self(REQUEST_BUSY)
    /// The inference was cancelled before it had finished.
    public static let inferCancelled = Self(INFER_CANCELLED)
    /// An argument is not acceptable to the C API; it gives no explanation for these.
    package static let invalidParameter = Self(INVALID_C_PARAM)
    /// OpenVINO can do it, and its C API cannot express it.
    package static let notImplementedInC = Self(NOT_IMPLEMENT_C_METHOD)
    /// An exception that is not OpenVINO's own, such as memory running out.
    package static let unknownException = Self(UNKNOW_EXCEPTION)

    /// OpenVINO's libraries are not there, or are of a version that does not fit; see ``RuntimeLibrary``.
    public static let runtimeMissing = Self(rawValue: -1000)

    init(_ status: ov_status_e) {
        self.init(rawValue: Int(status.rawValue))
    }
}

extension OpenVINOError.Code: CustomStringConvertible {
    /// OpenVINO's name for the code, such as `NOT_FOUND`.
    public var description: String {
        if self == .runtimeMissing { return "RUNTIME_MISSING" }
        // A static string of OpenVINO's: not ours to free.
        guard let raw = Int32(exactly: rawValue),
            let text = ov_get_error_info(ov_status_e(rawValue: raw))
        else { return "\(rawValue)" }
        return String(cString: text)
    }
}

extension OpenVINOError {
    public var description: String {
        let reason = message.isEmpty ? "it gave the code \(code)" : message
        return "OpenVINO could not \(operation): \(reason)"
    }
}

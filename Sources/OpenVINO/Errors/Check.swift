internal import COpenVINO
internal import Foundation

/// Throws unless a C call succeeded.
func check(
    _ status: ov_status_e, _ operation: @autoclosure () -> String
) throws(OpenVINOError) {
    guard status != OK else { return }
    // First of all: the next call that fails replaces it.
    let message = explanation(of: status)
    throw OpenVINOError(code: .init(status), operation: operation(), message: message)
}

/// Runs a C function that returns a new object through its last argument, and hands over ownership.
func created(
    _ operation: @autoclosure () -> String, by create: (inout OpaquePointer?) -> ov_status_e
) throws(OpenVINOError) -> OpaquePointer {
    var pointer: OpaquePointer?
    try check(create(&pointer), operation())
    guard let pointer else {
        throw OpenVINOError(
            code: .unexpected, operation: operation(), message: "no object came back")
    }
    return pointer
}

/// Runs a C function that returns a new string through its last argument, and frees that string.
func string(
    _ operation: @autoclosure () -> String,
    by get: (inout UnsafeMutablePointer<CChar>?) -> ov_status_e
) throws(OpenVINOError) -> String {
    var text: UnsafeMutablePointer<CChar>?
    try check(get(&text), operation())
    defer { ov_free(text) }
    return text.map { String(cString: $0) } ?? ""
}

private func explanation(of status: ov_status_e) -> String {
    if let reason = RuntimeLibrary.problem { return reason }
    // The C layer rejects bad arguments before it records anything: the text is an older failure's.
    guard status != INVALID_C_PARAM, let text = ov_get_last_err_msg() else { return "" }
    defer { ov_free(text) }
    return shortened(String(cString: text))
}

/// OpenVINO's texts quote the places in its source that were passed on the way. What is left here is
/// one line with what was wrong.
func shortened(_ message: String) -> String {
    message.split(whereSeparator: \.isNewline)
        .map { $0.trimmingCharacters(in: .whitespaces) }
        .filter { !$0.isEmpty && !$0.hasPrefix("Exception from ") }
        .joined(separator: " ")
}

public import BlipErrors
import Foundation
import NIOCore

/// The server cannot listen where it was told to; one sentence that says why, and what to do.
public struct ServiceAddressError: DescribedError {
    public let message: String

    init(_ error: IOError, host: String, port: Int) {
        message =
            switch error.errnoCode {
            case EADDRINUSE:
                "Port \(port) of \(host) is taken; choose another, or 0 for any that is free."
            case EACCES, EPERM:
                "Port \(port) is not for every user; choose one from 1024 on."
            case EADDRNOTAVAIL:
                "\(host) is no address of this machine; 0.0.0.0 stands for all that it has."
            default: "The server cannot listen on \(host), port \(port): \(error.reason)"
            }
    }

    init(unknownHost host: String) {
        message = "There is no host called \(host); give an address of this machine."
    }
}

extension IOError {
    fileprivate var reason: String { String(cString: strerror(errnoCode)) }
}

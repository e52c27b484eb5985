import Hummingbird

/// Whose form an error is put in; told by the path.
enum ErrorFormat {
    case native, openAI, ollama, openInference

    init(path: String) {
        if path.hasPrefix("/api/") {
            self = .ollama
        } else if path.hasPrefix("/v2/") || path == "/v2" {
            self = .openInference
        } else if ["/v1/chat/", "/v1/responses", "/v1/embeddings", "/v1/models"].contains(
            where: path.hasPrefix)
        {
            self = .openAI
        } else {
            self = .native
        }
    }

    func response(_ error: ServiceError) throws -> Response {
        var response = try Response(json: body(of: error), status: error.status)
        if let seconds = error.retryAfter { response.headers[.retryAfter] = "\(seconds)" }
        if let methods = error.allow { response.headers[.allow] = methods }
        if error.status == .unauthorized {
            // Makes a browser ask for the key.
            response.headers[.wwwAuthenticate] =
                #"Basic realm="blip: any name, an API key as password""#
        }
        return response
    }

    /// The error as a JSON object.
    func body(of error: ServiceError) -> any Encodable & Sendable {
        switch self {
        case .native: NativeError(error: .init(code: error.code, message: error.message))
        case .openAI:
            OpenAIError(
                error: .init(
                    message: error.message,
                    type: error.status.code >= 500 ? "server_error" : "invalid_request_error",
                    code: error.code))
        case .ollama, .openInference: PlainError(error: error.message)
        }
    }
}

private struct NativeError: Encodable {
    struct Details: Encodable {
        let code: String
        let message: String
    }
    let error: Details
}

private struct OpenAIError: Encodable {
    struct Details: Encodable {
        let message: String
        let type: String
        let code: String
    }
    let error: Details
}

private struct PlainError: Encodable {
    let error: String
}

import Foundation
import Hummingbird

/// Searches a photo library, and gives its pictures out: by their numbers in it, and no others.
struct LibraryRoutes: Sendable {
    let library: (any PhotoSearch)?
    let thumbnails: ThumbnailStore
    let modelName: String
    let admission: Admission

    func add(to router: Router<ServiceRequestContext>) {
        router.get("/v1/library") { _, _ in
            try Response(json: LibraryRecord(try await opened.overview()))
        }
        router.get("/v1/search") { request, _ in
            let library = try opened
            let query = try PhotoQuery(request)
            let permit = try admission.acquire(try admission.reader().memory)
            return try await permit.respond(nil, .native) { _ in
                SearchRecord(
                    model: modelName,
                    pictures: try await library.pictures(for: query).map(FoundPhotoRecord.init))
            }
        }
        router.get("/v1/library/:id/thumbnail") { request, context in
            let file = try await file(context)
            let tag = "\"\(file.contentKey)\""
            let headers: HTTPFields = [.eTag: tag, .cacheControl: "private, max-age=86400"]
            if request.headers[.ifNoneMatch] == tag {
                return Response(status: .notModified, headers: headers)
            }
            let jpeg = try await thumbnails.thumbnail(of: file)
            var response = Response(jpeg, type: "image/jpeg")
            response.headers.append(contentsOf: headers)
            return response
        }
        router.get("/v1/library/:id/original") { _, context in
            try await OriginalFile.response(try await file(context))
        }
    }

    private var opened: any PhotoSearch {
        get throws(ServiceError) {
            guard let library else {
                throw ServiceError(
                    .notFound, "no_library",
                    "This server has no photo library; start it with --library")
            }
            return library
        }
    }

    private func file(_ context: ServiceRequestContext) async throws -> PhotoFile {
        let library = try opened
        guard let id = context.parameters.get("id").flatMap({ Int64($0) }),
            let file = try await library.file(of: id)
        else {
            throw ServiceError(
                .notFound, "not_found",
                "The library has no picture of this number, or another has taken its file's place; index or "
                    + "search again")
        }
        return file
    }
}

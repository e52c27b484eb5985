/// A file of a repository, before it is fetched.
struct RemoteFile: Sendable, Hashable {
    let path: String
    let size: Int
    /// SHA-256 for large files, git's SHA-1 for others; the blob's name in the cache.
    let hash: String
}

/// What a revision holds.
struct RepositoryListing: Sendable {
    let commit: String
    let paths: [String]
    /// Those of the files whose size and hash were told.
    var files: [String: RemoteFile]
}

extension RepositoryListing {
    /// The answer of `/api/models/NAME/revision/REVISION?blobs=true`.
    struct Revision: Decodable {
        struct Sibling: Decodable {
            struct Storage: Decodable {
                let sha256: String
                let size: Int
            }
            let rfilename: String
            let size: Int?
            let blobId: String?
            let lfs: Storage?
        }
        let sha: String
        let siblings: [Sibling]
    }

    /// An entry of `/api/models/NAME/tree/REVISION?recursive=true`.
    struct TreeEntry: Decodable {
        struct Storage: Decodable {
            let oid: String
            let size: Int
        }
        let type: String
        let path: String
        let size: Int?
        let oid: String?
        let lfs: Storage?
    }

    init(_ revision: Revision) {
        commit = revision.sha
        let siblings = revision.siblings.filter { SafeName.isPath($0.rfilename) }
        paths = siblings.map(\.rfilename)
        files = [:]
        for file in siblings {
            add(file.rfilename, file.lfs?.size ?? file.size, file.lfs?.sha256 ?? file.blobId)
        }
    }

    mutating func add(_ entries: [TreeEntry]) {
        for entry in entries where entry.type == "file" {
            add(entry.path, entry.lfs?.size ?? entry.size, entry.lfs?.oid ?? entry.oid)
        }
    }

    /// No file is larger than 32 terabytes; sums of sizes then stay in range.
    private mutating func add(_ path: String, _ size: Int?, _ hash: String?) {
        guard let size, let hash, SafeName.isHash(hash), (0...1 << 45).contains(size) else {
            return
        }
        files[path] = RemoteFile(path: path, size: size, hash: hash)
    }
}

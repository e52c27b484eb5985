internal import CVips

/// The libvips that this process runs.
package enum LibVips {
    /// The version, such as "8.14.1".
    package static var version: String { String(cString: vips_version_string()) }

    /// Starts libvips, once in the life of the process.
    static func start() throws(PictureError) {
        guard isRunning else {
            throw PictureError(
                .libraryFailed,
                "libvips could not start: check that its shared libraries are complete.",
                detail: takeErrorText())
        }
    }

    // A static is initialized once, even where many threads ask first at the same time.
    private static let isRunning: Bool = {
        for domain in ["VIPS", "Pango", "GLib-GIO"] { cvips_silence(domain) }
        guard cvips_start("swift") == 0 else { return false }
        cvips_block_untrusted()
        // Used only where they are asked for.
        for loader in ["VipsForeignLoadHeif", "VipsForeignLoadJxl"] { cvips_unblock(loader) }
        // Pictures are decoded side by side, each by its caller's thread; libvips' own threads are left
        // to write files, where one is enough and a process may have few.
        vips_concurrency_set(1)
        // Pictures are read once each, so remembered operations would only hold memory.
        vips_cache_set_max(0)
        vips_cache_set_max_mem(0)
        vips_cache_set_max_files(0)
        return true
    }()

    /// The operation that reads a format, where not every libvips has it.
    static func loader(of format: PictureFormat) -> String? {
        switch format {
        case .heic, .avif: "heifload_source"
        case .jpegXL: "jxlload_source"
        default: nil
        }
    }

    /// Whether this libvips has an operation; it must have been started.
    static func has(_ operation: String) -> Bool {
        vips_type_find("VipsOperation", operation) != 0
    }

    /// Whether it reads "HEIC", "AVIF" or "JPEG XL".
    package static func reads(_ name: String) -> Bool {
        guard (try? start()) != nil, let format = PictureFormat(rawValue: name) else {
            return false
        }
        return loader(of: format).map(has) ?? true
    }

    /// The libheif that HEIC and AVIF are read with, such as "1.15.1"; `nil` where there is none.
    package static var heifVersion: String? {
        guard (try? start()) != nil, has("heifload_source") else { return nil }
        return cvips_heif_version().map { String(cString: $0) }
    }

    /// What the system lacked, where that is why an operation failed, and what to do.
    static func shortage(in errorText: String) -> String? {
        if errorText.contains("creating thread") {
            return
                "no thread could be started: allow more (ulimit -u, or the container's limit of pids)"
        }
        if errorText.contains("out of memory") {
            return "memory ran out: free some, or give a smaller picture"
        }
        return nil
    }

    /// What libvips said last.
    static var errorText: String { String(cString: vips_error_buffer()) }

    /// What libvips said last, in one line, and forgets it.
    static func takeErrorText() -> String {
        guard let text = vips_error_buffer_copy() else { return "" }
        defer { g_free(text) }
        return String(cString: text).split(separator: "\n").joined(separator: "; ")
    }
}

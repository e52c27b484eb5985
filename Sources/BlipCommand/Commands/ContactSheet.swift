import BLIP
import BlipCommandSupport
import Foundation
import PhotoLibrary

/// A page that shows what was found.
struct ContactSheet {
    let title: String
    let hits: [SearchHit]

    /// Writes the page into the user's cache, in place of the one before, and opens it.
    func show() throws {
        let folder = UserFolder.cache.appending(path: "swift-blip")
        let file = folder.appending(path: "search.html")
        do {
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
            try Draft.write(Data(html.utf8), to: file)
        } catch {
            throw OutputFiles.unwritable(file)
        }
        if !Self.open(file) {
            Terminal.note("No browser could be opened; the page is \(file.path)")
        }
    }

    private static func open(_ file: URL) -> Bool {
        #if os(macOS)
            let opener = "open"
        #else
            let opener = "xdg-open"
        #endif
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = [opener, file.path]
        // Where there is no window, a browser of the terminal may be started: it must not wait for keys.
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        guard (try? process.run()) != nil else { return false }
        process.waitUntilExit()
        return process.terminationStatus == 0
    }

    var html: String {
        let figures = hits.map { hit -> String in
            let address = Self.escaped(hit.photo.file.absoluteString)
            let caption = Self.escaped(hit.photo.caption ?? "")
            let probability =
                hit.matchProbability.map { String(format: " %.0f %%", 100 * $0) } ?? ""
            return """
                <figure><a href="\(address)"><img src="\(address)" loading="lazy" alt="\(caption)"></a>
                <figcaption>\(caption)\(probability)<br><small>\(Self.escaped(hit.photo.name))</small>\
                </figcaption></figure>
                """
        }
        return """
            <!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>\(Self.escaped(title))</title>
            <meta name="viewport" content="width=device-width"><style>
            body { font: 16px system-ui, sans-serif; margin: 1rem; color-scheme: light dark }
            main { display: grid; gap: 1rem; grid-template-columns: repeat(auto-fill, minmax(15rem, 1fr)) }
            figure { margin: 0 } img { width: 100%; height: 12rem; object-fit: contain; background: #8882 }
            small { overflow-wrap: anywhere; opacity: .7 }
            </style></head><body><h1>\(Self.escaped(title))</h1><main>
            \(figures.joined(separator: "\n"))
            </main></body></html>
            """
    }

    private static func escaped(_ text: String) -> String {
        text.replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing(">", with: "&gt;")
            .replacing("\"", with: "&quot;")
    }
}

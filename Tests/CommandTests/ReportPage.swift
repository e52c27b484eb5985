import Foundation
import Testing

#if canImport(FoundationXML)
    import FoundationXML
#endif

/// A page that was written by `--report`, read as XML: counts its elements, and collects its text.
final class ReportPage: NSObject, XMLParserDelegate {
    private(set) var elements: [String: Int] = [:]
    private(set) var text = ""

    /// Expects a whole page that needs nothing from elsewhere.
    init(_ path: String) throws {
        super.init()
        let data = try Data(contentsOf: URL(filePath: path))
        // Pictures are in the page itself.
        let outside = String(decoding: data, as: UTF8.self)
            .replacing(#/src="data:image/jpeg;base64,[A-Za-z0-9+\/=]+"/#, with: "")
        for reference in ["http", "<script", "src=", "href=", "url(", "@import", "//"] {
            #expect(!outside.contains(reference), "\(reference)")
        }
        let parser = XMLParser(data: data)
        parser.delegate = self
        #expect(parser.parse(), "\(String(describing: parser.parserError))")
        #expect(elements["title"] ?? 0 >= 1)
    }

    func parser(
        _ parser: XMLParser, didStartElement name: String, namespaceURI: String?,
        qualifiedName: String?, attributes: [String: String]
    ) {
        elements[name, default: 0] += 1
    }

    func parser(_ parser: XMLParser, foundCharacters string: String) {
        text += string
    }
}

import Foundation
import BlipPictures
import Testing

/// Every mode, storage and orientation that Pillow writes. What is meant to differ from Pillow is
/// listed in docs/exactness.md, and recorded here as it must be.
@Suite struct PillowTableTests {
    @Test func theTableIsThere() {
        #expect(PillowTable.rows.count > 300)
    }

    @Test(arguments: PillowTable.rows)
    func isReadAsPillowReadsIt(_ row: PillowTable.Row) throws {
        let picture = try Picture(bytes: row.file, name: row.name)
        #expect((picture.width, picture.height) == (row.width, row.height))
        #expect(Fixture.difference(of: picture, from: [UInt8](row.rgb)) <= row.tolerance)
    }
}

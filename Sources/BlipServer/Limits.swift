/// What a request may ask for; more is refused before any work.
enum Limits {
    /// Of a request's header fields.
    static let headerBytes = 80 << 10
    /// Of a body.
    static let bodyBytes = 32 << 20
    /// Of all bodies that are being read at one time, and of those that wait for their answer. What a large one
    /// takes while it is decoded comes on top, of one at a time.
    static let totalBodyBytes = 256 << 20
    /// Of a closed list that is ranked, as many as are compared in full.
    static let choices = 128
    /// Of a picture: width × height, as its header says.
    static let pixels = 100_000_000
    /// In a request.
    static let pictures = 16
    /// Questions or sentences in a request.
    static let texts = 64
    /// Texts whose embeddings are asked for in a request.
    static let embeddings = 512
    /// Texts that a request may be worth in all: pictures × questions × beams, or × answers to rank.
    static let rows = 512
    /// Bytes of one prompt, question or sentence: well over what any BLIP reads in tokens.
    static let textBytes = 8 << 10
    /// Bytes of a chat's last turn: whatever a prompt says, but no document.
    static let promptBytes = 64 << 10
    /// Texts before which an answer ends.
    static let stops = 16
    /// Beams, or texts a picture.
    static let sequences = 16
    /// For a body to arrive.
    static let bodyTimeout = Duration.seconds(60)
    /// Of a photo library, in an answer.
    static let foundPictures = 200
    /// Of a photo library, that the model looks at again for one search.
    static let rerankedPictures = 64
    /// Of a photo library's picture that is fetched.
    static let originalBytes = 1 << 30
    /// Of a picture that is fetched from a URL.
    static let fetchBytes = 20 << 20
    /// For such a picture to arrive, redirections included.
    static let fetchTimeout = Duration.seconds(10)
    /// That are followed.
    static let redirections = 3
}

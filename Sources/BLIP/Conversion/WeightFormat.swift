/// How a converted folder stores its weights.
public enum WeightFormat: String, Sendable, Hashable, CaseIterable, Codable {
    /// Half precision, as the OpenVINO notebook stores them.
    case f16
    /// Matrices as 8-bit integers with a scale a row, all else in half precision: half the
    /// size, and a decoder that reads half as much.
    case int8
    /// As ``int8``, with one bit less, for 8-bit activations on processors without VNNI, whose
    /// sums of products of 8 bits saturate.
    case int7
    /// Matrices as 4-bit integers with a scale for every 64, the vocabulary's and the matching
    /// head's as in ``int8``: a third of the size. It costs some accuracy: try it on your own
    /// pictures.
    case int4

    package var integers: GroupQuantization.Integers? {
        switch self {
        case .f16: nil
        case .int8: .int8
        case .int7: .int7
        case .int4: .int4
        }
    }
}

/// A row of a table of `blip bench`, and a JSON line of it.
struct BenchRow: Encodable, Sendable {
    enum Unit: String, Encodable {
        case milliseconds = "ms"
        case perSecond = "1/s"
        case megabytes = "MB"
    }

    /// The table's key, such as `caption`.
    var table = ""
    /// What was measured.
    let measure: String
    let unit: Unit
    let spread: Spread
    /// In a growth series, where this was measured: so many pictures, tokens, beams …
    var at: Double?
    var atUnit: String?
    /// Whether it is part of the row before it that is none.
    var isPart = false
    /// Of loading: whether all parts were found in the cache of compiled models.
    var fromCache: Bool?

    init(_ measure: String, _ durations: [Duration], at: Double? = nil, isPart: Bool = false) {
        self.init(measure, durations.map(\.milliseconds), .milliseconds, at: at)
        self.isPart = isPart
    }

    init(_ measure: String, _ values: [Double], _ unit: Unit, at: Double? = nil) {
        self.measure = measure
        self.unit = unit
        self.at = at
        spread = Spread(values, moreIsFaster: unit == .perSecond)
    }

    enum CodingKeys: CodingKey { case table, measure, unit, at, atUnit, fromCache }

    func encode(to encoder: any Encoder) throws {
        try spread.encode(to: encoder)
        var values = encoder.container(keyedBy: CodingKeys.self)
        try values.encode(table, forKey: .table)
        try values.encode(measure, forKey: .measure)
        try values.encode(unit, forKey: .unit)
        try values.encodeIfPresent(at, forKey: .at)
        try values.encodeIfPresent(atUnit, forKey: .atUnit)
        try values.encodeIfPresent(fromCache, forKey: .fromCache)
    }
}

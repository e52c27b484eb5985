import Foundation

enum LoadAverage {
    /// How many processes ran or wanted to, on average over the last minute; `nil` where the system does not tell.
    static var lastMinute: Double? {
        var averages = [0.0]
        return getloadavg(&averages, 1) == 1 ? averages[0] : nil
    }
}

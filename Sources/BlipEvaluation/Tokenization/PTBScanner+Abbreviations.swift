/// Words that keep the period after them.
extension PTBScanner {
    func abbreviation(_ place: Int) -> Match? {
        guard isLetter(place) else { return nil }
        if let end = initials(place) {
            return match(place..<(self[end]?.isPTBHyphen == true ? joined(place..<end) : end))
        }
        var end = self.end(from: place, while: isWord)
        let isDegree = has("ph.d", at: place) && self[place + 4] == "."
        if isDegree { end = place + 4 }
        guard self[end] == "." else { return nil }
        let word = string(place..<end)
        let name = word.lowercased()
        let isKept =
            isDegree || Self.always.contains(name)
            || Self.capitalized.contains(name) && self[place]?.properties.isUppercase == true
            || Self.beforeNumbers.contains(name) && precedesNumber(end + 1)
        guard isKept else { return nil }
        return match(place..<joined(place..<end + 1))
    }

    /// The end of letters with a period after each: U.S., e.g., or one alone.
    func initials(_ place: Int) -> Int? {
        var end = place
        while isLetter(end), self[end + 1] == "." { end += 2 }
        return end > place ? end : nil
    }

    private func precedesNumber(_ place: Int) -> Bool {
        isDigit(end(from: place) { self[$0]?.isPTBSpace == true })
    }

    private static let always = words(
        "mr mrs ms messrs mme mlle msgr dr drs prof rev hon st ste jr sr esq "
            + "adm brig capt cmdr co col cpl gen lt maj pvt sgt spc ens insp supt det "
            + "gov govs pres rep reps sen sens "
            + "assn assoc bhd bros cie corp cos dept inc ltd mfg plc pte pty univ invt intl "
            + "ave bldg blvd ct hwy pl rd sq mt ft "
            + "al est etc ext seq tel vs alex jos wm "
            + "ala ariz calif colo conn dak fla ga ind kan kans ky md mich minn mo mont neb nev "
            + "okla penn tenn va vt wis wyo "
            + "jan feb mar apr jun jul aug sep sept oct nov dec mon tue tues wed thu thurs fri "
            + "cf elec ph rt")
    private static let capitalized = words("ark az del ill la mass miss ore pa tex wash")
    private static let beforeNumbers = words("art ca fig figs no nos op pp prop")

    private static func words(_ list: String) -> Set<String> {
        Set(list.split(separator: " ").map(String.init))
    }
}

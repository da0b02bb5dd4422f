// SPDX-License-Identifier: Apache-2.0

/// Which names are those of places, that is, of IANA zones, whatever files the tzdata directory holds beside them.
enum ZoneName {
    /// Files of the directory that are not zones of a place, or mean another one on each machine.
    private static let notZones: Set<String> = ["Factory", "localtime", "posixrules", "leapseconds"]
    /// Copies of the whole directory, those of `right` with leap seconds.
    private static let copies: Set<Substring> = ["posix", "right", "SystemV"]

    /// Whether this may be an IANA name; whether there is such a zone, the file tells.
    static func isPlausible(_ name: String) -> Bool {
        guard name.utf8.count <= 64, !notZones.contains(name), abbreviations[name] == nil else { return false }
        let parts = name.split(separator: "/", omittingEmptySubsequences: false)
        return !copies.contains(parts[0]) && parts.allSatisfy(isPlausiblePart)
    }

    /// A letter, then letters, digits, `_`, `+`, `-`: no `..`, no hidden file, no empty part, no table such as `zone.tab`.
    private static func isPlausiblePart(_ part: Substring) -> Bool {
        guard let first = part.utf8.first, first.isLetter else { return false }
        return part.utf8.allSatisfy { $0.isLetter || $0.isDigit || $0.isSign || $0 == UInt8(ascii: "_") }
    }

    /// Abbreviations, in capitals, and what may have been meant. Some have a file in tzdata, with a fixed offset or rule that
    /// is hardly what a person's clock follows, and several stand for more than one place.
    static let abbreviations: [String: String] = [
        "ACDT": "Australia/Adelaide", "ACST": "Australia/Adelaide or Australia/Darwin", "ADT": "America/Halifax",
        "AEDT": "Australia/Sydney", "AEST": "Australia/Sydney or Australia/Brisbane", "AKDT": "America/Anchorage",
        "AKST": "America/Anchorage", "AST": "America/Halifax or America/Puerto_Rico", "AWST": "Australia/Perth",
        "BRT": "America/Sao_Paulo", "BST": "Europe/London", "CAT": "Africa/Maputo", "CDT": "America/Chicago",
        "CEST": "Europe/Berlin", "CET": "Europe/Berlin", "CST": "America/Chicago or Asia/Shanghai",
        "CST6CDT": "America/Chicago", "EAT": "Africa/Nairobi", "EDT": "America/New_York", "EEST": "Europe/Athens",
        "EET": "Europe/Athens", "EST": "America/New_York or America/Panama", "EST5EDT": "America/New_York",
        "GMT": "UTC, Europe/London or Africa/Accra", "GMT+0": "UTC", "GMT-0": "UTC", "GMT0": "UTC",
        "HDT": "America/Adak", "HKT": "Asia/Hong_Kong", "HST": "Pacific/Honolulu",
        "IST": "Asia/Kolkata, Europe/Dublin or Asia/Jerusalem", "JST": "Asia/Tokyo", "KST": "Asia/Seoul",
        "MDT": "America/Denver", "MET": "Europe/Berlin", "MSK": "Europe/Moscow",
        "MST": "America/Denver or America/Phoenix", "MST7MDT": "America/Denver", "MYT": "Asia/Kuala_Lumpur",
        "NDT": "America/St_Johns", "NST": "America/St_Johns", "NZDT": "Pacific/Auckland", "NZST": "Pacific/Auckland",
        "PDT": "America/Los_Angeles", "PHT": "Asia/Manila", "PKT": "Asia/Karachi",
        "PST": "America/Los_Angeles or Asia/Manila", "PST8PDT": "America/Los_Angeles", "SAST": "Africa/Johannesburg",
        "SGT": "Asia/Singapore", "SST": "Pacific/Pago_Pago", "UCT": "UTC", "WAT": "Africa/Lagos",
        "WEST": "Europe/Lisbon", "WET": "Europe/Lisbon", "WIB": "Asia/Jakarta", "WIT": "Asia/Jayapura",
        "WITA": "Asia/Makassar", "Z": "UTC",
    ]
}

// SPDX-License-Identifier: Apache-2.0

import DunlinModel

extension HolidayCalendar {
    /// The calendar of a country or a subdivision by its ISO 3166 code, such as `CO` or `BR-SP`; nil if there is none.
    ///
    /// A subdivision's calendar holds the country's days as the subdivision observes them. Each country has a file
    /// under `Holidays/` that names its law and says what is uncertain. The days were compared with PyPI's holidays
    /// for 2020 to 2035 (Tests/acceptance/holidays_check.py), which is also the source of most listed dates; the laws
    /// themselves were not read again.
    public static func known(_ code: String) -> HolidayCalendar? { all[code] }

    /// The codes that ``known(_:)`` knows, in alphabetical order.
    public static let knownCodes: [String] = all.keys.sorted()

    /// Each calendar once, so that its years are worked out once.
    private static let all: [String: HolidayCalendar] = {
        var calendars: [String: HolidayCalendar] = [:]
        for (country, bytes) in files {
            do {
                let file = try HolidayFile(
                    String(decoding: bytes, as: UTF8.self), country: country, file: "Holidays/\(country).txt")
                for (code, rules) in file.rules { calendars[code] = HolidayCalendar(rules: rules) }
            } catch {
                fatalError("\(error)")  // The files are part of the program, and a test reads them all.
            }
        }
        return calendars
    }()

    private static let files: [(country: String, bytes: [UInt8])] = [
        ("AU", PackageResources.AU_txt), ("BR", PackageResources.BR_txt), ("CA", PackageResources.CA_txt),
        ("CL", PackageResources.CL_txt), ("CN", PackageResources.CN_txt), ("CO", PackageResources.CO_txt),
        ("DE", PackageResources.DE_txt), ("ES", PackageResources.ES_txt), ("FR", PackageResources.FR_txt),
        ("GB", PackageResources.GB_txt), ("HK", PackageResources.HK_txt), ("ID", PackageResources.ID_txt),
        ("IE", PackageResources.IE_txt), ("IN", PackageResources.IN_txt), ("IT", PackageResources.IT_txt),
        ("JP", PackageResources.JP_txt), ("KE", PackageResources.KE_txt), ("KR", PackageResources.KR_txt),
        ("KZ", PackageResources.KZ_txt), ("MX", PackageResources.MX_txt), ("MY", PackageResources.MY_txt),
        ("NG", PackageResources.NG_txt), ("PH", PackageResources.PH_txt), ("RU", PackageResources.RU_txt),
        ("SG", PackageResources.SG_txt), ("TH", PackageResources.TH_txt), ("TW", PackageResources.TW_txt),
        ("UA", PackageResources.UA_txt), ("US", PackageResources.US_txt), ("VN", PackageResources.VN_txt),
        ("ZA", PackageResources.ZA_txt),
    ]
}

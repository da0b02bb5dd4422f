// SPDX-License-Identifier: Apache-2.0

/// Where phone numbers and regions lie, as far as anybody can tell.
///
/// A number that moved with its owner keeps its prefix, so this is where the number was given out. What cannot be told
/// apart is answered with all that it may be: all of them must allow.
///
/// Numbers and subdivisions come from the tables that are built in, whole countries from the system's tzdata. Both are
/// read once, on `init` (some 20 ms); a copy shares them. An answer takes some tens of nanoseconds.
public struct Places: Sendable {
    private let tables: PlaceTables

    /// - Parameter zones: the tzdata whose zone.tab tells the zones of whole countries; without that file, what is known
    ///   only by its country has no zones.
    public init(zones: ZoneDatabase) { tables = PlaceTables(zones: zones) }

    /// The regions (ISO 3166-1, or 3166-2 where the number tells) that a number in E.164 form may belong to.
    ///
    /// `["US-MA"]` for `+16175550123`, `["GB", "GG", "IM", "JE"]` for a non-geographic number of the United Kingdom's
    /// plan; none for numbers of no country (North American toll-free, satellite), for area codes nobody has been given,
    /// and for what is not a number. The territories of the United States are its subdivisions here: `US-PR`, not `PR`.
    public func regions(ofNumber number: String) -> [String] { tables.regions(ofNumber: number) }

    /// The IANA zones in which the owner of a number in E.164 form may be; none if the number tells nothing.
    public func zones(ofNumber number: String) -> [String] { tables.zones(ofNumber: number) }

    /// The IANA zones of a country or a subdivision in capitals: `["America/New_York"]` for `US-MA`.
    ///
    /// A subdivision that no table lists has all the zones of its country; none for what is not a region.
    public func zones(ofRegion region: String) -> [String] { tables.zones(ofRegion: region) }
}

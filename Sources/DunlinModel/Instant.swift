// SPDX-License-Identifier: Apache-2.0

/// A point on the UTC time line, in whole milliseconds since 1970-01-01T00:00:00Z (leap seconds not counted, as in POSIX).
public struct Instant: Hashable, Comparable, Sendable {
    public var milliseconds: Int64

    public init(milliseconds: Int64) { self.milliseconds = milliseconds }
    public init(seconds: Int64) { self.milliseconds = seconds * 1000 }

    /// Whole seconds since 1970, rounded towards the past.
    public var seconds: Int64 { milliseconds.flooredQuotient(by: 1000) }

    public static func < (a: Instant, b: Instant) -> Bool { a.milliseconds < b.milliseconds }
    public static func + (a: Instant, b: Duration) -> Instant { Instant(milliseconds: a.milliseconds + b.milliseconds) }
    public static func - (a: Instant, b: Duration) -> Instant { Instant(milliseconds: a.milliseconds - b.milliseconds) }
    public static func - (a: Instant, b: Instant) -> Duration { .milliseconds(a.milliseconds - b.milliseconds) }

    /// Further in the future than any date Dunlin handles (9999-12-31T23:59:59Z).
    public static let distantFuture = Instant(seconds: 253_402_300_799)
}

extension Duration {
    /// The whole milliseconds of this duration, rounded towards zero.
    public var milliseconds: Int64 { components.seconds * 1000 + components.attoseconds / 1_000_000_000_000_000 }
    public static func minutes(_ n: Int64) -> Duration { .seconds(n * 60) }
    public static func hours(_ n: Int64) -> Duration { .seconds(n * 3600) }
    public static func days(_ n: Int64) -> Duration { .seconds(n * 86400) }
}

extension BinaryInteger {
    /// Division that rounds towards negative infinity, as the calendar needs for instants before 1970.
    @inlinable
    public func flooredQuotient(by divisor: Self) -> Self {
        let (q, r) = quotientAndRemainder(dividingBy: divisor)
        return r < 0 ? q - 1 : q
    }
}

/// Where the present instant comes from: the system in the daemon, a virtual clock in tests, `plan` and `demo`.
public protocol Clock: Sendable {
    var now: Instant { get }
}

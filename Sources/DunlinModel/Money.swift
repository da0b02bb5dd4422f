// SPDX-License-Identifier: Apache-2.0

/// An exact amount of one currency.
public struct Money: Hashable, Sendable, CustomStringConvertible {
    /// The amount in the currency's minor unit: cents for USD, yen for JPY.
    public let minorUnits: Int64
    public let currency: Currency

    public init(minorUnits: Int64, currency: Currency) {
        self.minorUnits = minorUnits
        self.currency = currency
    }

    /// Reads a plain decimal such as `1234.50`: no sign but `-`, no grouping, no more decimals than the currency has.
    public init?(decimal text: String, currency: Currency) {
        var units: Int64 = 0
        var decimals: Int?
        var digits = 0
        var bytes = text.utf8[...]
        let negative = bytes.first == UInt8(ascii: "-")
        if negative { bytes = bytes.dropFirst() }
        for byte in bytes {
            if byte == UInt8(ascii: "."), decimals == nil, digits > 0 {
                decimals = 0
            } else if byte >= 0x30, byte <= 0x39 {
                let (product, overflow) = units.multipliedReportingOverflow(by: 10)
                let (sum, carry) = product.addingReportingOverflow(Int64(byte - 0x30))
                if overflow || carry { return nil }
                units = sum
                digits += 1
                decimals? += 1
            } else {
                return nil
            }
        }
        let written = decimals ?? 0
        guard digits > 0, decimals != 0, written <= currency.minorDigits else { return nil }
        for _ in written..<currency.minorDigits {
            let (product, overflow) = units.multipliedReportingOverflow(by: 10)
            if overflow { return nil }
            units = product
        }
        self.init(minorUnits: negative ? -units : units, currency: currency)
    }

    /// The amount alone as a plain decimal: `1234.50`.
    public var decimal: String {
        let digits = currency.minorDigits
        guard digits > 0 else { return String(minorUnits) }
        let scale = (0..<digits).reduce(1) { n, _ in n * 10 }
        let magnitude = minorUnits.magnitude
        let (whole, rest) = magnitude.quotientAndRemainder(dividingBy: UInt64(scale))
        return "\(minorUnits < 0 ? "-" : "")\(whole).\(padded(Int(rest), digits))"
    }

    public var description: String { "\(decimal) \(currency.code)" }
}

/// An ISO 4217 currency.
public struct Currency: Hashable, Sendable {
    /// Three capital letters.
    public let code: String
    /// How many decimals an amount has (ISO 4217 "minor unit").
    public let minorDigits: Int

    /// Nil unless `code` is one of ISO 4217's current codes.
    public init?(code: String) {
        guard let digits = Currency.minorDigits[code] else { return nil }
        self.code = code
        minorDigits = digits
    }

    /// ISO 4217 list one, without funds codes, metals and test codes. Source: SIX Group, list of 2024-06-25.
    private static let minorDigits: [String: Int] = {
        let two = """
            AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF CHF CNY COP \
            CRC CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GTQ GYD HKD HNL HTG HUF IDR ILS INR IRR \
            JMD KES KGS KHR KPW KYD KZT LAK LBP LKR LRD LSL MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN \
            NIO NOK NPR NZD PAB PEN PGK PHP PKR PLN QAR RON RSD RUB SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP \
            SZL THB TJS TMT TOP TRY TTD TWD TZS UAH USD UYU UZS VED VES WST XCD YER ZAR ZMW ZWG
            """
        var digits: [String: Int] = [:]
        for code in two.split(separator: " ") { digits[String(code)] = 2 }
        for code in "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX VND VUV XAF XOF XPF".split(separator: " ") {
            digits[String(code)] = 0
        }
        for code in "BHD IQD JOD KWD LYD OMR TND".split(separator: " ") { digits[String(code)] = 3 }
        return digits
    }()
}

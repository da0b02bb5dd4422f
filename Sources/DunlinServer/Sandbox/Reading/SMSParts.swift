// SPDX-License-Identifier: Apache-2.0

/// A text as a phone network carries it (3GPP TS 23.038 and 23.040): 140 octets a part, 6 of them for joining.
struct SMSParts: Hashable {
    enum Encoding: String { case gsm7 = "GSM-7", ucs2 = "UCS-2" }

    var encoding: Encoding
    /// At least one, even for an empty text.
    var parts: [String]
    /// Septets of GSM-7 or UTF-16 units, over all parts.
    var units: Int

    init(_ text: String) {
        let scalars = text.unicodeScalars
        let isGSM = scalars.allSatisfy { gsmBasic.contains($0) || gsmExtension.contains($0) }
        encoding = isGSM ? .gsm7 : .ucs2
        // Neither an escape with its letter nor a surrogate pair may be split over two parts: a scalar is the unit here.
        func cost(_ scalar: Unicode.Scalar) -> Int {
            isGSM ? (gsmExtension.contains(scalar) ? 2 : 1) : UTF16.width(scalar)
        }
        units = scalars.reduce(0) { $0 + cost($1) }
        guard units > (isGSM ? 160 : 70) else {
            parts = [text]
            return
        }
        let room = isGSM ? 153 : 67
        var part = String.UnicodeScalarView()
        var used = 0
        parts = []
        for scalar in scalars {
            if used + cost(scalar) > room {
                parts.append(String(part))
                part = .init()
                used = 0
            }
            part.append(scalar)
            used += cost(scalar)
        }
        parts.append(String(part))
    }
}

private let gsmBasic = Set(
    """
    @£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§\
    ¿abcdefghijklmnopqrstuvwxyzäöñüà
    """.unicodeScalars)

/// Behind an escape, so two septets each.
private let gsmExtension = Set("\u{c}^{}\\[~]|€".unicodeScalars)

// SPDX-License-Identifier: Apache-2.0

import DunlinModel

extension SMSEncoding {
    /// As people in the field call it.
    var name: String {
        switch self {
        case .gsm7: "GSM-7"
        case .ucs2: "UCS-2"
        }
    }
}

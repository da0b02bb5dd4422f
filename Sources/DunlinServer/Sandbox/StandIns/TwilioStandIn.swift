// SPDX-License-Identifier: Apache-2.0

import DunlinModel

/// Twilio's Messages.json and Calls.json (API version 2010-04-01).
///
/// Error codes: https://www.twilio.com/docs/api/errors. The limit of `Twiml` is documented, the code for breaking it is
/// not: the stand-in answers 20001, "invalid parameter".
struct TwilioStandIn: StandIn {
    enum Resource: String, CaseIterable { case messages = "Messages", calls = "Calls" }

    var resource: Resource

    func read(_ request: StandInRequest) -> (drafts: [Draft], refusal: StandInResponse?) {
        let isForm = request.contentType?.lowercased().hasPrefix("application/x-www-form-urlencoded") ?? false
        let fields = (isForm ? formFields(request.body) : nil) ?? []
        let content: SandboxMessage.Content =
            switch resource {
            case .messages: .sms(fields["Body"] ?? "")
            case .calls: .call(twiml: fields["Twiml"] ?? "")
            }
        let draft = Draft(
            gateway: resource == .messages ? .twilioSMS : .twilioVoice,
            from: fields["From"] ?? fields["MessagingServiceSid"] ?? "", to: fields["To"] ?? "", content: content,
            fields: fields)
        guard isAuthorized(request) else { return ([draft], error(401, 20003, "Authenticate")) }
        let fault = resource == .messages ? messageFault(fields) : callFault(fields)
        return ([draft], fault.map { error(400, $0.code, $0.message) })
    }

    /// HTTP Basic with the account itself as the user and any password.
    private func isAuthorized(_ request: StandInRequest) -> Bool {
        guard let header = request.authorization, header.lowercased().hasPrefix("basic "),
            let bytes = base64Decoded(header.dropFirst(6).utf8), let colon = bytes.firstIndex(of: UInt8(ascii: ":"))
        else { return false }
        return String(decoding: bytes[..<colon], as: UTF8.self) == request.account && colon + 1 < bytes.endIndex
    }

    private func messageFault(_ fields: [FormField]) -> (code: Int, message: String)? {
        guard let to = fields["To"] else { return (21604, "A 'To' phone number is required.") }
        guard isE164(to) else { return (21211, "The 'To' number \(to) is not a valid phone number.") }
        guard let from = fields["From"] ?? fields["MessagingServiceSid"] else {
            return (21603, "A 'From' phone number is required.")
        }
        guard fields["From"] == nil || isSender(from) else { return (21212, "The 'From' number \(from) is not valid.") }
        guard let body = fields["Body"] ?? fields["MediaUrl"] ?? fields["ContentSid"] else {
            return (21602, "Message body is required.")
        }
        guard body.unicodeScalars.count <= 1600 else {
            return (21617, "The concatenated message body exceeds the 1600 character limit.")
        }
        return callbackFault(fields)
    }

    private func callFault(_ fields: [FormField]) -> (code: Int, message: String)? {
        guard let to = fields["To"] else { return (21201, "No 'To' number is specified.") }
        guard isE164(to) else { return (21211, "The 'To' number \(to) is not a valid phone number.") }
        guard let from = fields["From"] else { return (21213, "A 'From' phone number is required.") }
        guard isE164(from) else { return (21212, "The 'From' number \(from) is not valid.") }
        guard let twiml = fields["Twiml"] else {
            guard let url = fields["Url"] ?? fields["ApplicationSid"] else { return (21205, "Url is required.") }
            return fields["Url"] == nil || isWebAddress(url)
                ? callbackFault(fields) : (21205, "Url is not a valid URL.")
        }
        guard twiml.unicodeScalars.count <= 4000 else { return (20001, "Twiml exceeds the 4000 character limit.") }
        do throws(XMLFault) {
            let document = try XMLElement(document: twiml)
            guard document.name == "Response" else { return (12100, "The root element of Twiml is not Response.") }
        } catch {
            return (12100, "Document parse failure at character \(error.offset): \(error.why).")
        }
        return callbackFault(fields)
    }

    private func callbackFault(_ fields: [FormField]) -> (code: Int, message: String)? {
        guard let url = fields["StatusCallback"], !isWebAddress(url) else { return nil }
        return (21609, "The 'StatusCallback' URL is not a valid URL.")
    }

    func accepted(_ drafts: [Draft], seed: String, in request: StandInRequest) -> (
        id: String, response: StandInResponse
    ) {
        let sid = (resource == .messages ? "SM" : "CA") + seed
        let draft = drafts[0]
        let uri = JSON.string("/2010-04-01/Accounts/\(request.account)/\(resource.rawValue)/\(sid).json")
        let account = JSON.string(request.account)
        switch draft.content {
        case .sms(let body):
            let body: JSON = .object([
                "sid": .string(sid), "account_sid": account, "api_version": "2010-04-01", "body": .string(body),
                "num_segments": .string(String(max(1, SMSEncoding.measure(body).segments))), "num_media": "0",
                "direction": "outbound-api", "from": JSON(draft.fields["From"]), "to": .string(draft.to),
                "messaging_service_sid": JSON(draft.fields["MessagingServiceSid"]), "status": "queued",
                "date_created": .string(request.date), "date_updated": .string(request.date), "date_sent": .null,
                "error_code": .null, "error_message": .null, "price": .null, "price_unit": "USD", "uri": uri,
            ])
            return (sid, .json(201, body))
        case .call, .mail:
            let body: JSON = .object([
                "sid": .string(sid), "account_sid": account, "api_version": "2010-04-01", "status": "queued",
                "direction": "outbound-api", "from": .string(draft.from), "to": .string(draft.to),
                "date_created": .null, "date_updated": .null, "start_time": .null, "end_time": .null,
                "duration": .null, "answered_by": .null, "price": .null, "price_unit": "USD", "uri": uri,
            ])
            return (sid, .json(201, body))
        }
    }

    func refusal(for trouble: GatewayTrouble, drafts: [Draft]) -> StandInResponse {
        switch trouble {
        case .throttled: error(429, 20429, "Too Many Requests", retryAfter: 5)
        case .unavailable: error(503, 20503, "Service Unavailable")
        case .badNumber: error(400, 21211, "The 'To' number \(drafts[0].to) is not a valid phone number.")
        }
    }

    private func error(_ status: Int, _ code: Int, _ message: String, retryAfter: Int? = nil) -> StandInResponse {
        .json(
            status,
            .object([
                "code": .number(code), "message": .string(message),
                "more_info": .string("https://www.twilio.com/docs/errors/\(code)"), "status": .number(status),
            ]), code: String(code), retryAfter: retryAfter)
    }
}

/// What Twilio lets a text come from: a number, a short code, or up to eleven letters, digits and spaces.
private func isSender(_ from: String) -> Bool {
    let isWord = from.utf8.allSatisfy { UInt8.isLetterOrDigit($0) || $0 == UInt8(ascii: " ") }
    let hasLetter = from.utf8.contains { UInt8.isLetterOrDigit($0) && $0 > UInt8(ascii: "9") }
    let isShortCode = (3...6).contains(from.utf8.count) && isWord && !hasLetter
    return isE164(from) || isShortCode || (isWord && hasLetter && from.utf8.count <= 11)
}

/// `http` or `https` and a host.
private func isWebAddress(_ url: String) -> Bool {
    for scheme in ["http://", "https://"] where url.hasPrefix(scheme) {
        let host = url.dropFirst(scheme.count).prefix { $0 != "/" && $0 != "?" && $0 != ":" }
        return !host.isEmpty && !host.contains { $0.isWhitespace || $0 == "_" }
    }
    return false
}

extension UInt8 {
    fileprivate static func isLetterOrDigit(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "a")...UInt8(ascii: "z"):
            true
        default: false
        }
    }
}

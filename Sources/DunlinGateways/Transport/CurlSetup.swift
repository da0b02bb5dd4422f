// SPDX-License-Identifier: Apache-2.0

import CCurl
import DunlinModel

/// Sets an easy handle up for a request. Remembers the last one, so that the next message of the same gateway changes
/// only what differs, and owns what libcurl does not copy: the header list and the body.
struct CurlSetup: ~Copyable {
    private enum Kind { case none, http, mail }

    private let easy: UnsafeMutableRawPointer
    private let caFile: String?
    private var kind = Kind.none
    /// The last HTTP request but for its body.
    private var last: HTTPRequest?
    private var hadBody = false
    private var timeout: Duration?
    private var list: UnsafeMutablePointer<curl_slist>?
    private var body = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: 1024)
    /// The first option that libcurl did not take.
    private var failure = CURLE_OK

    init(_ easy: UnsafeMutableRawPointer, caFile: String?) {
        self.easy = easy
        self.caFile = caFile
    }

    deinit {
        curl_slist_free_all(list)
        body.deallocate()
    }

    /// `reset` puts the callbacks back on a handle that has lost all its options.
    /// Not `CURLE_OK`: libcurl cannot express the request.
    mutating func prepare(_ request: WireRequest, timeout: Duration, reset: () -> Void) -> CURLcode {
        failure = CURLE_OK
        switch request {
        case .http(let request):
            if kind != .http { clear(protocols: "http,https", reset) }
            kind = .http
            prepare(request)
        case .mail(let mail):
            if kind != .mail { clear(protocols: "smtp,smtps", reset) }
            kind = .mail
            prepare(mail)
        // The transport writes it by itself.
        case .file: failure = CURLE_UNSUPPORTED_PROTOCOL
        }
        set(timeout)
        if failure != CURLE_OK { kind = .none }
        return failure
    }

    // MARK: - Kinds of request

    private mutating func prepare(_ new: HTTPRequest) {
        let hasBody = !new.body.isEmpty
        let bodyAppears = last == nil || hadBody != hasBody
        let isOther = bodyAppears || last?.method != new.method
        let hasOtherHead = isOther || last?.headers != new.headers || last?.basicAuth != new.basicAuth
        let hasOtherURL = last?.url != new.url
        if hasOtherURL { set(CURLOPT_URL, new.url) }
        if isOther {
            set(new.method == "GET" && !hasBody ? CURLOPT_HTTPGET : CURLOPT_POST, 1)
            set(CURLOPT_CUSTOMREQUEST, new.method)
        }
        if hasOtherHead { set(CURLOPT_HTTPHEADER, lines: new.headerLines) }
        if hasBody || new.method != "GET" { setBody(new.body) }
        if hasOtherURL || hasOtherHead {
            last = new
            last?.body = []
            hadBody = hasBody
        }
    }

    private mutating func prepare(_ mail: MailRequest) {
        set(CURLOPT_URL, mail.url)
        set(CURLOPT_USE_SSL, Int((mail.startTLS ? CURLUSESSL_ALL : CURLUSESSL_NONE).rawValue))
        set(CURLOPT_SASL_IR, 1)
        set(CURLOPT_USERNAME, mail.username)
        set(CURLOPT_PASSWORD, mail.password)
        set(CURLOPT_MAIL_FROM, mail.sender)
        set(CURLOPT_MAIL_RCPT, lines: [mail.recipient])
        set(CURLOPT_UPLOAD, 1)
        note(ccurl_set_size(easy, CURLOPT_INFILESIZE_LARGE, mail.message.count))
    }

    /// What every transfer has. Connections live in the multi and survive this.
    private mutating func clear(protocols: String, _ reset: () -> Void) {
        curl_easy_reset(easy)
        reset()
        timeout = nil
        last = nil
        set(CURLOPT_NOSIGNAL, 1)
        set(CURLOPT_QUICK_EXIT, 1)  // a name that does not resolve must not hold up the thread
        set(CURLOPT_PROTOCOLS_STR, protocols)
        set(CURLOPT_FOLLOWLOCATION, 0)
        set(CURLOPT_HTTP_VERSION, CURL_HTTP_VERSION_1_1)
        set(CURLOPT_TCP_NODELAY, 1)
        // A request that meets the closing of an idle connection is in doubt. Servers keep them for 5 s (Apache, Node.js) to
        // a minute or so; this ends their use before 4 s.
        set(CURLOPT_MAXAGE_CONN, 3)
        set(CURLOPT_USERAGENT, "dunlin")
        set(CURLOPT_SSL_VERIFYPEER, 1)
        set(CURLOPT_SSL_VERIFYHOST, 2)
        if let caFile { set(CURLOPT_CAINFO, caFile) }
    }

    // MARK: - Options

    private mutating func set(_ new: Duration) {
        guard new != timeout else { return }
        timeout = new
        set(CURLOPT_TIMEOUT_MS, max(1, Int(new.milliseconds)))
        set(CURLOPT_CONNECTTIMEOUT_MS, max(1, Int(min(new, .seconds(10)).milliseconds)))
    }

    private mutating func setBody(_ bytes: [UInt8]) {
        if bytes.count > body.count {
            body.deallocate()
            body = .allocate(capacity: bytes.count)
        }
        _ = body.update(fromContentsOf: bytes)
        note(ccurl_set_size(easy, CURLOPT_POSTFIELDSIZE_LARGE, bytes.count))
        note(ccurl_set_pointer(easy, CURLOPT_POSTFIELDS, body.baseAddress))
    }

    private mutating func set(_ option: CURLoption, lines: [String]) {
        let old = list
        list = nil
        for line in lines { list = curl_slist_append(list, checked(line)) }
        note(ccurl_set_list(easy, option, list))
        curl_slist_free_all(old)
    }

    private mutating func set(_ option: CURLoption, _ value: Int) { note(ccurl_set_long(easy, option, value)) }

    private mutating func set(_ option: CURLoption, _ value: String?) {
        note(ccurl_set_string(easy, option, value.map { checked($0) }))
    }

    /// A line break in a header, an address or a URL would be another header or command: such a request fails.
    private mutating func checked(_ text: String) -> String {
        if text.utf8.contains(where: { $0 < 0x20 && $0 != 0x09 || $0 == 0x7f }) { note(CURLE_BAD_FUNCTION_ARGUMENT) }
        return text
    }

    private mutating func note(_ code: CURLcode) { if failure == CURLE_OK { failure = code } }
}

extension HTTPRequest {
    /// The header lines as they go to libcurl: ours, less what it would add by itself.
    fileprivate var headerLines: [String] {
        var lines = headers
        lines.append("Expect:")  // no waiting for 100 Continue
        if !headers.contains(where: { $0.lowercased().hasPrefix("content-type:") }) { lines.append("Content-Type:") }
        if let basicAuth { lines.append("Authorization: Basic " + base64(basicAuth.utf8)) }
        return lines
    }
}

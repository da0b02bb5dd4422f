// SPDX-License-Identifier: Apache-2.0

import DunlinModel
import Testing

@testable import DunlinGateways

@Suite struct BounceAddressTests {
    @Test func theEnvelopeSenderNamesTheAttempt() throws {
        let gateway = try AdapterFixture.gateway(AdapterFixture.smtp + #", bounces: "bounce+{token}@b.example""#)
        let email = Email(subject: "s", preheader: "", text: "t", html: "h")
        let request = try gateway.adapter.mailRequest(AdapterFixture.message(.email(email), to: "a@b.example"))
        #expect(request.sender == "bounce+tok-0123456789abcdef@b.example")
        // What people see stays.
        #expect(
            String(decoding: request.message, as: UTF8.self).contains("\r\nFrom: Harbor Credit <care@example.com>\r\n"))
        #expect(gateway.bounces?.candidates(in: "<\(request.sender)>") == ["tok-0123456789abcdef"])
        #expect(try AdapterFixture.gateway(AdapterFixture.smtp).bounces == nil)
        #expect(try AdapterFixture.gateway(AdapterFixture.kannel).bounces == nil)
    }

    @Test(arguments: [
        "bounce+{token}@example.com", "{token}@bounces.example.com", "{token}-b@example.com",
        "\(String(repeating: "b", count: 24)){token}@example.com",
    ])
    func taken(pattern: String) throws {
        let address = try #require(BounceAddress(pattern))
        #expect(address.candidates(in: "x, \(address.address(token: "a1-b")) (y)") == ["a1-b"])
    }

    @Test(arguments: [
        "", "bounce@example.com", "{token}", "bounce@{token}.example", "{token}+{token}@example.com",
        "ü{token}@example.com",
        "b {token}@example.com", "Harbor <b{token}@example.com>", "b+{token}@", "b.{token}.@example.com",
        "b+{token}@ex_mple.com", "b+{Token}@example.com", "b@c+{token}@example.com",
        "\(String(repeating: "b", count: 25)){token}@example.com",
    ])
    func refused(pattern: String) {
        let error = #expect(throws: DunlinError.self) {
            try AdapterFixture.gateway(AdapterFixture.smtp + ", bounces: \"\(pattern)\"")
        }
        #expect(error?.description.contains("such as bounce+{token}@example.com") == true)
        #expect(error?.description.hasPrefix("dunlin.yaml:1:") == true)
    }
}

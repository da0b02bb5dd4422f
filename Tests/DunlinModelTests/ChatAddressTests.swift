// SPDX-License-Identifier: Apache-2.0

import DunlinModel
import Testing

struct ChatAddressTests {
    @Test(arguments: [
        ("whatsapp:+8613800138000", ChatAddress.Service.whatsapp, "+8613800138000"),
        ("wechat:oABC_-123", .wechat, "oABC_-123"), ("wecom:zhang.san", .wecom, "zhang.san"),
        ("line:U4af4980629", .line, "U4af4980629"), ("line:a:b", .line, "a:b"),
        ("wecom:\(String(repeating: "x", count: 128))", .wecom, String(repeating: "x", count: 128)),
    ])
    func takesWhatServicesGive(_ text: String, _ service: ChatAddress.Service, _ id: String) {
        let address = ChatAddress(text)
        #expect(address?.service == service && address?.id == id)
    }

    @Test(arguments: [
        "", ":", "line", "line:", "telegram:1", "LINE:U1", "whatsapp:8613800138000", "whatsapp:+0123456789",
        "whatsapp:+1",
        "whatsapp:+86 138", "wechat:a b", "wechat:a\n", "wechat:微信", "+8613800138000",
        "wecom:\(String(repeating: "x", count: 129))",
    ])
    func refusesAllElse(_ text: String) { #expect(ChatAddress(text) == nil) }

    @Test func everyChannelHasItsAddress() {
        let person = Recipient(
            id: "P-1", name: "", locale: "en", phone: "+16175550123", email: "a@example.com", chat: "line:U1")
        #expect(
            Channel.allCases.map { person.address(for: $0) } == [
                "+16175550123", "a@example.com", "+16175550123", "line:U1", "P-1",
            ])
    }
}

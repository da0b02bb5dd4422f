// SPDX-License-Identifier: Apache-2.0

import DunlinGateways
import DunlinModel
import DunlinYAML
import Testing

@testable import DunlinEngine

@Suite struct FollowingTests {
    private func gateway(_ entry: String) throws -> Gateway {
        let secrets = SecretReader(environment: ["KEY": "c2VjcmV0", "OTHER": "b3RoZXI="]) { _ in [] }
        return try #require(
            try Gateways.load(
                YAMLValue(text: "g: {\(entry)}", file: "dunlin.yaml"), secrets: secrets, directory: "/",
                callbacks: "https://dunlin.example.com/callbacks"
            ).first)
    }

    /// Silence says something only where a gateway tells of arrivals at all.
    @Test func repliesAloneTellOfNoArrival() throws {
        let line = try gateway("adapter: line, channel_access_token: {env: KEY}, channel_secret: {env: KEY}")
        let kannel = try gateway("adapter: kannel, base_url: \"http://k\", username: u, password: {env: KEY}")
        let following = Following(gateways: [line], fallback: [:])
        #expect(line.callbacks != nil && following.offer(of: "g")?.tells == false)
        #expect(Following(gateways: [kannel], fallback: [:]).offer(of: "g")?.tells == true)
    }

    /// Where it is asked, by whom, and how: all else may change while attempts are in doubt.
    @Test func anIdentityIsThatOfAnAccount() throws {
        let line = "adapter: line, channel_secret: {env: KEY}, channel_access_token: {env: "
        let one = try gateway(line + "KEY}")
        #expect(!one.identity.isEmpty)
        #expect(try gateway(line + "KEY}, rate: 5/s, timeout: 9s").identity == one.identity)
        for other in ["OTHER}", "KEY}, base_url: \"https://line.example.com\""] {
            #expect(try gateway(line + other).identity != one.identity)
        }
    }

    /// Nobody fetches a token in a plan, so nothing may wait for one.
    @Test func aPlanWaitsForNoToken() throws {
        let sinch = try gateway(
            "adapter: sinch-sms, base_url: \"http://s\", project_id: p, key_id: k, key_secret: {env: KEY}, webhook_secret: {env: KEY}, from: x"
        )
        #expect(sinch.access != nil && sinch.planned.access == nil)
    }
}

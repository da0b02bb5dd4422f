// SPDX-License-Identifier: Apache-2.0

import DunlinModel
import Foundation
import Testing

@testable import DunlinGateways

/// gateway.schema.json is for editors and knows what the loader knows. Tests/acceptance/definitions_check.py reads
/// definitions against it.
@Suite struct ConfigurationSchemaTests {
    private static func schema() throws -> [String: Any] {
        let file = AdapterFixture.repository.appending(path: "deploy/etc/dunlin/gateways/gateway.schema.json")
        return try #require(try JSONSerialization.jsonObject(with: Data(contentsOf: file)) as? [String: Any])
    }

    /// The value at a path of keys.
    private static func value(_ path: String...) throws -> Any {
        var value: Any = try schema()
        for key in path { value = try #require((value as? [String: Any])?[key], "\(path)") }
        return value
    }

    private static func keys(_ value: Any) throws -> Set<String> {
        Set(try #require(value as? [String: Any]).keys)
    }

    @Test func itHasTheLoadersKeys() throws {
        let schema = ConfigurationSchemaTests.self
        #expect(try schema.keys(schema.value("properties")) == Set(Definition.keys))
        #expect(try schema.keys(schema.value("$defs", "request", "properties")) == Set(RequestProgram.keys))
        let access = try schema.value("properties", "access", "properties")
        #expect(try schema.keys(access) == Set(AccessRequest.keys))
        let response = try schema.value("properties", "access", "properties", "response", "properties")
        #expect(try schema.keys(response) == Set(AccessRequest.responseKeys))
    }

    @Test func itHasTheLoadersNames() throws {
        let schema = ConfigurationSchemaTests.self
        let orders = try #require(try schema.value("properties", "templates", "enum") as? [String])
        #expect(orders == ApprovedTexts.Order.allCases.map(\.rawValue))
        let channels = try #require(try schema.value("properties", "channel", "enum") as? [String])
        #expect(Set(channels).isSuperset(of: Channel.allCases.map(\.rawValue)))
        let formats = try #require(try schema.value("properties", "call_format", "enum") as? [String])
        #expect(Set(formats).isSuperset(of: CallFormat.allCases.map(\.rawValue)))
        let kinds = try #require(
            try schema.value("properties", "settings", "additionalProperties", "enum") as? [String])
        let known = Definition.Setting.Kind.allCases.map(\.rawValue)
        #expect(Set(kinds) == Set(known + known.map { "optional \($0)" }))
        let reserved = try #require(
            try schema.value("properties", "settings", "propertyNames", "not", "enum") as? [String])
        #expect(Set(reserved) == Set(Gateways.commonKeys + ["definition", "templates", "unsubscribe"]))
    }
}

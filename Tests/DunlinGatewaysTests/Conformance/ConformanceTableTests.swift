// SPDX-License-Identifier: Apache-2.0

import DunlinModel
import DunlinYAML
import Testing

@testable import DunlinGateways

/// One suite for every gateway: what has a file in Fixtures is put through all of it.
///
/// A failure names the fixture's row. Where the gateway's documentation is on the fixture's side mend the definition, else
/// the fixture.
@Suite struct Conformance {}

extension Conformance {
    /// What the fixtures say word for word.
    @Suite struct Table {
        @Test(arguments: Fixture.names) func request(name: String) throws {
            let fixture = try Fixture.named(name)
            let request = try fixture.gateway().adapter.httpRequest(fixture.message)
            compare(request, with: fixture.request, "\(name).yaml")
        }

        @Test(arguments: Fixture.names) func answers(name: String) throws {
            let fixture = try Fixture.named(name)
            check(fixture.answers, try fixture.gateway().adapter)
        }

        /// A rule without a row may be wrong, and nobody would see it.
        @Test(arguments: Fixture.names) func everyRuleHasARow(name: String) throws {
            let fixture = try Fixture.named(name)
            guard let rules = (try fixture.gateway().adapter as? DeclaredAdapter)?.rules else { return }
            let written = try fixture.definition().required("rules").list()
            let decided = Set(fixture.answers.map { rules.index(deciding: $0.answer) ?? written.count - 1 })
            for (number, rule) in written.enumerated() where !decided.contains(number) {
                complain(rule.place, "no row under 'answers' in \(name).yaml is decided by \(try rule.flow())")
            }
        }

        @Test(arguments: Fixture.names) func access(name: String) throws {
            let fixture = try Fixture.named(name)
            guard let access = try fixture.gateway().access else {
                if let section = fixture.access { complain(section.place, "the definition has no 'access'") }
                return
            }
            guard let section = fixture.access else {
                return complain("\(name).yaml", "'access' is missing: the definition fetches an access token")
            }
            if section.answers.first?.meaning.hasPrefix("token ") != true {
                complain(section.place, "the first answer must give a token: [200, '{…}', token VALUE SECONDS]")
            }
            compare(try access.request(at: Fixture.at), with: section.request, section.place)
            for row in section.answers {
                let access = try #require(try Fixture.named(name).gateway().access)
                access.discard()
                let outcome = access.reader(at: Fixture.at).outcome(of: row.answer)
                let got = access.value.map { "token \($0) \(life(of: access))" } ?? words(outcome, like: row.meaning)
                if got != row.meaning { complain(row.place, "expected '\(row.meaning)', got '\(got)'") }
            }
        }

        /// Seconds, found by asking.
        private func life(of access: AccessToken) -> Int64 {
            var bounds: (Int64, Int64) = (0, 40 * 86_400)
            while bounds.0 < bounds.1 {
                let middle = (bounds.0 + bounds.1) / 2
                if access.isFresh(at: Fixture.at + .seconds(middle)) {
                    bounds.0 = middle + 1
                } else {
                    bounds.1 = middle
                }
            }
            return bounds.0 + AccessToken.margin.components.seconds
        }

        @Test(arguments: Fixture.names) func lookup(name: String) throws {
            let fixture = try Fixture.named(name)
            guard let lookup = try fixture.gateway().lookup else {
                if let section = fixture.lookup { complain(section.place, "the definition has no 'lookup'") }
                return
            }
            guard let section = fixture.lookup else {
                return complain("\(name).yaml", "'lookup' is missing: the definition has one")
            }
            let request = try lookup.request(for: fixture.message, Fixture.at, try: 1)
            compare(request, with: section.request, section.place)
            check(section.answers, lookup.reader(for: fixture.message))
            let meanings = Set(section.answers.map { $0.meaning.prefix { $0 != " " } })
            for meaning in ["accepted", "unknown"] + (lookup.provesAbsence ? ["not-found"] : [])
            where !meanings.contains(meaning[...]) {
                complain(section.place, "no row under 'answers' means '\(meaning)'")
            }
        }

        private func check(_ rows: [Fixture.Row], _ reader: any OutcomeReader) {
            for row in rows {
                let got = words(reader.outcome(of: row.answer), like: row.meaning)
                guard got != row.meaning else { continue }
                let body = String(decoding: row.answer.body, as: UTF8.self)
                complain(row.place, "\(row.answer.status) \(body) expected '\(row.meaning)', got '\(got)'")
            }
        }
    }

    /// That the fixtures are all there.
    @Suite struct Shipped {
        @Test(arguments: ShippedDefinitions.names) func everyDefinitionHasAFixture(name: String) {
            let isThere = Fixture.files.contains(name)
            if !isThere { complain("Tests/DunlinGatewaysTests/Fixtures/\(name).yaml", "is missing; add it") }
        }

        @Test(arguments: Fixture.names) func everyFixtureIsOfAnAdapterThatShips(name: String) throws {
            let adapter = try Fixture.named(name).adapter
            if adapter != "http", !ShippedDefinitions.names.contains(adapter) {
                complain("\(name).yaml", "no adapter is called '\(adapter)'; see ShippedDefinitions.swift")
            } else if adapter != "http", adapter != name {
                complain("\(name).yaml", "it is of '\(adapter)' and must be called \(adapter).yaml")
            }
        }

        @Test(arguments: Fixture.files) func everyFixtureCanBeRead(name: String) {
            do { _ = try Fixture.named(name) } catch { complain("Tests/DunlinGatewaysTests/Fixtures", "\(error)") }
        }

        @Test func thereAreFixtures() {
            #expect(!Fixture.files.isEmpty, "no files in Tests/DunlinGatewaysTests/Fixtures")
        }
    }
}

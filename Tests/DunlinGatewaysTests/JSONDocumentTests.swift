// SPDX-License-Identifier: Apache-2.0

import DunlinTestKit
import Foundation
import Testing

@testable import DunlinGateways

@Suite struct JSONDocumentTests {
    private func value(_ json: String, _ pointer: String) throws -> String? {
        JSONDocument(Array(json.utf8))?.value(at: try #require(JSONPointer(pointer))).text
    }

    @Test(arguments: [
        (#"{"a":"x"}"#, "/a", "x"), (#"{"a":{"b":[1,{"c":-2.5e+3}]}}"#, "/a/b/1/c", "-2.5e+3"),
        ("[true]", "/0", "true"),
        (#"{"a/b":"x","m~n":"y"}"#, "/a~1b", "x"), (#"{"a/b":"x","m~n":"y"}"#, "/m~0n", "y"), (#""x""#, "/", "x"),
        (#"{"a":"\u4f60\ud83d\ude42\n\"\\\/"}"#, "/a", "你🙂\n\"\\/"), (#"{"\u0061":"x"}"#, "/a", "x"),
        (#"{"b":{"a":"no"},"a":"yes"}"#, "/a", "yes"), (" {\"a\" : 1 }\n", "/a", "1"),
        // Frameworks write a mark of byte order, and gateways cut texts in the middle of a character.
        ("\u{FEFF}{\"a\":1}", "/a", "1"), (#"{"a":"x\ud83d"}"#, "/a", "x\u{FFFD}"),
    ])
    func finds(json: String, pointer: String, expected: String) throws {
        #expect(try value(json, pointer) == expected)
    }

    @Test(arguments: [
        "", "{", "}", "{}{}", "[1,]", "{\"a\":1,}", "{a:1}", "01", "1.", "-", "1e", "+1", "tru", "nul", "\"", "\"\\\"",
        "\"\n\"",
        "{\"a\":\"\\x\"}", "{\"a\":\"\\u12\"}", "'a'",
        "[1 2]",
        String(repeating: "[", count: 70) + String(repeating: "]", count: 70), String(repeating: "[", count: 60_000),
        String(repeating: "{\"a\":", count: 10_000),
        "{\"\\x\":1}", "{\"a\":\"x\"}\u{0}",
    ])
    func refuses(json: String) throws {
        #expect(JSONDocument(Array(json.utf8)) == nil)
    }

    @Test(arguments: [
        #"{"a":"x","a":"y"}"#, #"{"a":"x","a":"x"}"#, #"{"a":null,"a":"x"}"#, #"{"a":{},"\u0061":1}"#,
        #"{"a":"\ud83d"}"#,
    ])
    func whoMayNotGuessTakesNoneOf(json: String) throws {
        let document = try #require(JSONDocument(Array(json.utf8)))
        let (a, b) = (try #require(JSONPointer("/a")), try #require(JSONPointer("/b")))
        #expect(document.values(at: [b, a]) == nil)
        #expect(document.values(at: [b]) == [.nothing])
    }

    private struct Judgement: Decodable {
        var isJSON: Bool
        /// The scalar at `/k/1` as it is written.
        var value: String?
    }

    /// Documents with a byte added, taken away or changed: Python is the judge of what is still JSON.
    @Test func agreesWithPython() throws {
        var random = SeededRandom(seed: 3)
        let seeds = [
            #"{"k":[1,"two",null],"n":{"x":-1.5e3,"y":[]},"t":true}"#, #"[{"k":"v"},[false,0,{}],"s"]"#,
            #"{"k":["a",9]}"#,
        ]
        let documents = (0..<5000).map { _ in
            var bytes = Array(seeds.randomElement(using: &random)!.utf8)
            for _ in 0..<Int.random(in: 0...2, using: &random) {
                let at = Int.random(in: 0..<bytes.count, using: &random)
                let byte = Array(#"{}[]:,"019.-+eEtfn x"#.utf8).randomElement(using: &random)!
                switch Int.random(in: 0..<3, using: &random) {
                case 0: bytes.insert(byte, at: at)
                case 1: bytes.remove(at: at)
                default: bytes[at] = byte
                }
            }
            return String(decoding: bytes, as: UTF8.self)
        }
        let judgements = try python(
            """
            import json, sys
            def judge(text):
                try: d = json.loads(text, parse_int=str, parse_float=str)
                except ValueError: return {'isJSON': False}
                k = d.get('k') if isinstance(d, dict) else None
                v = k[1] if isinstance(k, list) and len(k) > 1 else None
                v = {True: 'true', False: 'false'}[v] if isinstance(v, bool) else v
                return {'isJSON': True, 'value': v if isinstance(v, str) else None}
            print(json.dumps([judge(t) for t in json.load(sys.stdin)]))
            """, documents, as: [Judgement].self)
        let pointer = try #require(JSONPointer("/k/1"))
        for (document, judgement) in zip(documents, judgements) {
            let ours = JSONDocument(Array(document.utf8))
            #expect((ours != nil) == judgement.isJSON, "\(document)")
            #expect(ours?.value(at: pointer).text == judgement.value, "\(document)")
        }
        #expect(judgements.count { $0.isJSON } > 1000)
    }

    @Test func numbersOfAnySizeAreText() throws {
        let number = "-1" + String(repeating: "0", count: 5000) + ".5e+99999"
        #expect(try value("{\"a\":\(number)}", "/a") == number)
    }

    @Test(arguments: ["", "a", "a/b", "/a~", "/~2", "/~~0"])
    func noPointer(text: String) { #expect(JSONPointer(text) == nil) }

    @Test func listsAndTheirEntries() throws {
        let json = #"{"n":1,"list":[ {"a":1} ,"x",[], null],"z":{"list":[2]}}"#
        let document = try #require(JSONDocument(Array(json.utf8)))
        func entries(_ pointer: String) throws -> [JSONDocument.Value]? {
            try document.entries(at: #require(JSONPointer(pointer)))?.map {
                try document.value(at: #require(JSONPointer("/")), from: $0)
            }
        }
        #expect(try entries("/list") == [.structure, .text("x"), .structure, .null])
        #expect(try entries("/z/list") == [.text("2")])
        #expect(try entries("/*/list") == [.text("2")])
        #expect(try entries("/n") == nil)
        #expect(try entries("/list/1") == nil)
        #expect(try entries("/") == nil)
        let list = try #require(JSONDocument(Array(" [1, 2]".utf8)))
        #expect(list.entries(at: try #require(JSONPointer("/")))?.count == 2)
    }

    // MARK: Any index or name

    /// A document as a tree, walked the slow way.
    private indirect enum Tree {
        case text(String), null
        case object([(name: String, value: Tree)])
        case list([Tree])

        init(depth: Int, _ random: inout SeededRandom) {
            switch Int.random(in: 0..<(depth == 0 ? 3 : 6), using: &random) {
            case 0: self = .null
            case 1, 2: self = .text(["x", "y"].randomElement(using: &random)!)
            case 3, 4:
                let names = ["a", "b", "0", "*"].filter { _ in Bool.random(using: &random) }
                self = .object(names.map { ($0, Tree(depth: depth - 1, &random)) })
            default:
                self = .list((0..<Int.random(in: 0...3, using: &random)).map { _ in Tree(depth: depth - 1, &random) })
            }
        }

        var json: String {
            switch self {
            case .text(let text): "\"\(text)\""
            case .null: "null"
            case .object(let members):
                "{" + members.map { "\"\($0.name)\":\($0.value.json)" }.joined(separator: ",") + "}"
            case .list(let values): "[" + values.map(\.json).joined(separator: ",") + "]"
            }
        }

        func all(at path: ArraySlice<String>) -> [Tree] {
            guard let name = path.first else { return [self] }
            let members: [(name: String, value: Tree)] =
                switch self {
                case .object(let members): members
                case .list(let values): values.enumerated().map { ("\($0)", $1) }
                default: []
                }
            return members.filter { name == "*" || $0.name == name }.flatMap { $0.value.all(at: path.dropFirst()) }
        }
    }

    @Test func agreesWithASlowWalk() throws {
        var random = SeededRandom(seed: 8)
        var texts = 0
        for _ in 0..<5000 {
            let tree = Tree(depth: 3, &random)
            let paths = (0..<3).map { _ in
                (0..<Int.random(in: 1...3, using: &random)).map { _ in
                    ["a", "b", "0", "1", "*"].randomElement(using: &random)!
                }
            }
            let pointers = try paths.map { try #require(JSONPointer("/" + $0.joined(separator: "/"))) }
            let found = try #require(JSONDocument(Array(tree.json.utf8))?.values(at: pointers))
            for (path, found) in zip(paths, found) {
                let all = tree.all(at: path[...]).map { tree -> JSONDocument.Value in
                    switch tree {
                    case .text(let text): .text(text)
                    case .null: .null
                    default: .structure
                    }
                }
                let expected = all.isEmpty ? .nothing : all.allSatisfy { $0 == all[0] } ? all[0] : .several
                #expect(found == expected, "\(tree.json) /\(path.joined(separator: "/"))")
                if found.text != nil { texts += 1 }
            }
        }
        #expect(texts > 300)
    }
}

// SPDX-License-Identifier: Apache-2.0

import DunlinTestKit
import Foundation
import Testing

@testable import DunlinGateways

@Suite struct AdapterJSONTests {
    private func value(_ json: String, _ pointer: String) throws -> String? {
        JSONAnswer(Array(json.utf8), pointers: [try #require(JSONPointer(pointer))])?.values[0]
    }

    @Test(arguments: [
        (#"{"a":"x"}"#, "/a", "x"), (#"{"a":{"b":[1,{"c":-2.5e+3}]}}"#, "/a/b/1/c", "-2.5e+3"),
        ("[true]", "/0", "true"),
        (#"{"a/b":"x","m~n":"y"}"#, "/a~1b", "x"), (#"{"a/b":"x","m~n":"y"}"#, "/m~0n", "y"), (#"{"":"x"}"#, "/", "x"),
        (#"{"a":"\u4f60\ud83d\ude42\n\"\\\/"}"#, "/a", "你🙂\n\"\\/"), (#"{"\u0061":"x"}"#, "/a", "x"),
        (#"{"b":{"a":"no"},"a":"yes"}"#, "/a", "yes"), (" {\"a\" : 1 }\n", "/a", "1"),
    ])
    func finds(json: String, pointer: String, expected: String) throws {
        #expect(try value(json, pointer) == expected)
    }

    @Test(arguments: [
        "", "{", "}", "{}{}", "[1,]", "{\"a\":1,}", "{a:1}", "01", "1.", "-", "1e", "+1", "tru", "nul", "\"", "\"\\\"",
        "\"\n\"",
        "{\"a\":\"x\",\"a\":\"y\"}", "{\"a\":\"\\ud83d\"}", "{\"a\":\"\\x\"}", "{\"a\":\"\\u12\"}", "'a'", "\u{FEFF}{}",
        "[1 2]",
        String(repeating: "[", count: 70) + String(repeating: "]", count: 70),
    ])
    func refuses(json: String) throws {
        #expect(JSONAnswer(Array(json.utf8), pointers: [try #require(JSONPointer("/a"))]) == nil)
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
            let ours = JSONAnswer(Array(document.utf8), pointers: [pointer])
            #expect((ours != nil) == judgement.isJSON, "\(document)")
            #expect((ours?.values[0] ?? nil) == judgement.value, "\(document)")
        }
        #expect(judgements.count { $0.isJSON } > 1000)
    }
}

import Domain
import NIOCore
import Testing

@testable import Policies

struct AuthenticationTests {
    private func caller(_ key: String, master: String?) throws -> Caller {
        let bytes = Array(key.utf8)
        return try Authentication(masterKey: master.map { Secret($0) }).caller(presenting: bytes.span)
    }

    @Test func letsEverybodyInWithoutAMasterKey() throws {
        #expect(try self.caller("", master: nil) == .anonymous)
        #expect(try self.caller("anything", master: nil) == .anonymous)
        #expect(!Authentication(masterKey: nil).needsKey)
    }

    @Test func letsTheMasterKeyIn() throws {
        #expect(try self.caller("sk-1234", master: "sk-1234") == .admin)
        #expect(Authentication(masterKey: Secret("sk-1234")).needsKey)
    }

    @Test(arguments: [
        "sk-123", "sk-12345", "sk-1235", "Sk-1234", "xk-1234", "sk-1234sk-1234", "sk-1234\0", "\0\0\0\0\0\0\0",
        " sk-1234", "s",
    ])
    func refusesEveryOtherKey(_ key: String) {
        #expect { try self.caller(key, master: "sk-1234") } throws: { error in
            guard let error = error as? GatewayError else { return false }
            return error.status == 401 && error.code == "invalid_api_key" && !error.message.contains("1234")
        }
    }

    @Test func saysHowToGiveAKeyWhenThereIsNone() {
        #expect { try self.caller("", master: "sk-1234") } throws: { error in
            (error as? GatewayError)?.message.contains("Authorization: Bearer") == true
        }
    }

    /// An empty master key is nobody's key.
    @Test func anEmptyMasterKeyLetsNobodyIn() {
        #expect(throws: GatewayError.self) { try self.caller("", master: "") }
        #expect(throws: GatewayError.self) { try self.caller("x", master: "") }
    }

    @Test func comparesAsEqualityDoes() {
        let texts = ["", "a", "b", "aa", "ab", "ba", "aba", "abab", "aaaa", "\0", "\0\0"]
        for one in texts {
            for other in texts {
                let areEqual = ConstantTime.areEqual(Array(one.utf8).span, Array(other.utf8).span)
                #expect(
                    areEqual == (one == other && !other.isEmpty),
                    "\(one.debugDescription) \(other.debugDescription)"
                )
            }
        }
    }
}

/// Headers as a list, the first of a name first.
private struct Headers: KeyHeaders {
    var lines: [(String, String)]

    func header(_ name: StaticString) -> ByteBuffer? {
        self.header(named: "\(name)")
    }

    func header(named name: String) -> ByteBuffer? {
        self.lines.first { $0.0.lowercased() == name.lowercased() }.map { ByteBuffer(string: $0.1) }
    }
}

struct PresentedKeyTests {
    private func key(_ lines: [(String, String)], custom: String? = nil) -> String {
        String(buffer: PresentedKey.find(customHeader: custom, in: Headers(lines: lines)))
    }

    @Test(arguments: [
        ("Bearer k", "k"), ("bearer k", "k"), ("BEARER  k", "k"), ("Basic k", "k"), ("k", "k"), ("Bearer", "Bearer"),
        ("Token k", "Token k"), ("Bearer Bearer k", "Bearer k"), ("", ""),
    ])
    func takesTheSchemeOff(_ value: String, _ key: String) {
        #expect(self.key([("authorization", value)]) == key)
        #expect(self.key([("x-litellm-api-key", value)]) == key)
    }

    @Test func takesTheFirstOfItsOrder() {
        var lines = [
            ("x-api-key", "5"), ("api-key", "4"), ("authorization", "Bearer 3"), ("x-litellm-api-key", "2"),
            ("x-own", "Bearer 1"),
        ]
        for expected in ["1", "2", "3", "4", "5", ""] {
            #expect(self.key(lines, custom: "X-Own") == expected)
            lines = lines.filter { !$0.1.hasSuffix(expected) || expected.isEmpty }
        }
    }

    @Test func looksForAnOwnHeaderOnlyWhenThereIsOne() {
        #expect(self.key([("x-own", "1"), ("api-key", "2")]) == "2")
        #expect(self.key([("api-key", "2")], custom: "x-own") == "2")
    }
}

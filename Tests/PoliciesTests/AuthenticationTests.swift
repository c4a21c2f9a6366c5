import Domain
import NIOCore
import Testing

@testable import Policies

struct AuthenticationTests {
    private func isMaster(_ key: String, master: String?) -> Bool {
        let bytes = Array(key.utf8)
        return Authentication(masterKey: master.map { Secret($0) }).isMaster(bytes.span)
    }

    @Test func withoutAMasterKeyNobodyIsTheAdministratorAndNobodyIsAsked() {
        #expect(!self.isMaster("", master: nil))
        #expect(!self.isMaster("anything", master: nil))
        #expect(!Authentication(masterKey: nil).needsKey)
        #expect(Authentication(masterKey: nil, declaresUsers: true).needsKey)
    }

    @Test func knowsTheMasterKey() {
        #expect(self.isMaster("sk-1234", master: "sk-1234"))
        #expect(Authentication(masterKey: Secret("sk-1234")).needsKey)
    }

    @Test(arguments: [
        "sk-123", "sk-12345", "sk-1235", "Sk-1234", "xk-1234", "sk-1234sk-1234", "sk-1234\0", "\0\0\0\0\0\0\0",
        " sk-1234", "s", "",
    ])
    func knowsEveryOtherKeyForAnother(_ key: String) {
        #expect(!self.isMaster(key, master: "sk-1234"))
    }

    @Test func saysHowToGiveAKeyAndNeverWhichOneWasGiven() {
        #expect(Authentication.missing.message.contains("Authorization: Bearer"))
        #expect(Authentication.wrong.status == 401)
        #expect(Authentication.wrong.code == "invalid_api_key")
    }

    /// An empty master key is nobody's key.
    @Test func anEmptyMasterKeyLetsNobodyIn() {
        #expect(!self.isMaster("", master: ""))
        #expect(!self.isMaster("x", master: ""))
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

import Foundation
import Settings
import Testing

/// The lists of keys agree with the readers and with the documentation.
struct SectionKeysTests {
    /// Each section with the text before and after a member of it.
    static let sections: [(SectionKeys, String, String)] = [
        (.top, "", ""),
        (.general, "general_settings: {", "}"),
        (.library, "litellm_settings: {", "}"),
        (.router, "router_settings: {", "}"),
        (.server, "server: {", "}"),
        (.cors, "server: {cors: {", "}}"),
        (.user, "user_config: [{", "}]"),
        (.sharedCounters, "rate_limit_config: {", "}"),
        (.cache, "cache_settings: {", "}"),
        (.credential, "credential_list: [{", "}]"),
        (.modelEntry, "model_list: [{", "}]"),
        (.deployment, "model_list: [{model_name: a, litellm_params: {", "}}]"),
        (.retryPolicy, "router_settings: {retry_policy: {", "}}"),
        (.allowedFailsPolicy, "router_settings: {allowed_fails_policy: {", "}}"),
    ]

    @Test func everyListedKeyIsRead() {
        for (section, before, after) in Self.sections {
            for key in section.inForce + section.later {
                let name = key.replacingOccurrences(of: "*", with: "something")
                let report = Loading.load("\(before)\(name): {x: [y]}\(after)\n")
                let unknown = report.lines.filter { $0.contains("unknown key '\(name)'") }
                #expect(unknown.isEmpty, "\(section.name): \(unknown)")
            }
        }
    }

    @Test func everyUnusedKeyWarnsByName() {
        for (section, before, after) in Self.sections {
            for key in section.unused {
                let name = key.replacingOccurrences(of: "*", with: "something")
                let report = Loading.load("\(before)\(name): 1\(after)\n")
                #expect(report.lines.contains { $0.contains("\(name)'; Martlet does not use it") }, "\(name)")
            }
        }
    }

    @Test func everyKeyIsDocumented() throws {
        let root = URL(fileURLWithPath: #filePath).resolvingSymlinksInPath().deletingLastPathComponent()
        let page = root.appendingPathComponent("../../docs/configuration.md").standardizedFileURL
        let text = try String(contentsOf: page, encoding: .utf8)
        for (section, _, _) in Self.sections {
            for key in section.inForce + section.later + section.unused {
                #expect(text.contains("`\(key)`"), "\(section.name): \(key) is not in docs/configuration.md")
            }
        }
    }
}

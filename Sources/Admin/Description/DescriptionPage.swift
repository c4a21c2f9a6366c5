import Crypto
import Domain
import FoundationEssentials
import NIOCore

/// The API's description for people: one page that loads nothing and runs nothing.
enum DescriptionPage {
    static func answer(_ routes: [Route], version: String) -> Answer {
        var answer = Answer(
            contentType: "text/html; charset=utf-8",
            body: ByteBuffer(string: self.page(routes, version: version))
        )
        answer.headers = [
            ("content-security-policy", self.policy), ("referrer-policy", "no-referrer"), ("x-frame-options", "DENY"),
        ]
        return answer
    }

    /// Nothing but this page's own style, known by its hash.
    private static var policy: String {
        let hash = Data(SHA256.hash(data: Array(self.style.utf8))).base64EncodedString()
        return
            "default-src 'none'; style-src 'sha256-\(hash)'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    }

    private static let style = """
        :root{color-scheme:light dark}body{font:16px/1.5 system-ui,sans-serif;max-width:62rem;margin:2rem auto;\
        padding:0 1rem}code,pre{font:14px/1.5 ui-monospace,monospace}pre{overflow-x:auto;padding:.6rem;\
        border:1px solid #8886;border-radius:4px}summary{cursor:pointer;padding:.3rem 0}\
        details{border-top:1px solid #8884}table{border-collapse:collapse;width:100%}\
        th,td{text-align:left;vertical-align:top;padding:.2rem .8rem .2rem 0;border-top:1px solid #8883}\
        nav a{margin-right:1rem}.who{opacity:.75}
        """

    private static func page(_ routes: [Route], version: String) -> String {
        var page = """
            <!DOCTYPE html>
            <html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
            <title>Martlet management API</title><style>\(self.style)</style></head><body>
            <h1>Martlet management API</h1>
            <p>Version \(self.escaped(version)). Paths, fields and answers are LiteLLM's; every path also stands below
            <code>/v1</code>. Send a key as <code>Authorization: Bearer sk-...</code>. The same in a machine's words:
            <a href="/openapi.json">/openapi.json</a>.</p>

            """
        let groups = RouteGroup.allCases.filter { group in routes.contains { $0.group == group } }
        page += "<nav>" + groups.map { "<a href=\"#\($0.rawValue)\">\($0.rawValue)</a>" }.joined() + "</nav>\n"
        for group in groups {
            page += "<h2 id=\"\(group.rawValue)\">\(group.rawValue)</h2>\n"
            page += routes.filter { $0.group == group }.map { self.section($0) }.joined()
        }
        return page + "</body></html>\n"
    }

    private static func section(_ route: Route) -> String {
        let who = RouteRules.access(route.key)?.description ?? "nobody"
        var text = """
            <details><summary><code>\(self.escaped(route.key.description))</code> \(self.escaped(route.summary))</summary>
            <p class="who">For \(self.escaped(who)).</p>

            """
        text += self.table("Query", route.query)
        text += self.table("Body", route.body ?? [])
        if let example = route.example { text += "<pre>\(self.escaped(example))</pre>\n" }
        return text + "<p>Answer: \(self.escaped(route.answer))</p></details>\n"
    }

    private static func table(_ title: String, _ fields: [FieldDescription]) -> String {
        let shown = fields.filter { $0.support == .supported }
        guard !shown.isEmpty else { return "" }
        let rows = shown.map { field in
            let required = field.isRequired ? " <b>required</b>" : ""
            return "<tr><td><code>\(self.escaped(field.name))</code>\(required)</td>"
                + "<td>\(self.escaped(field.type.shortName))</td><td>\(self.escaped(field.summary))</td></tr>\n"
        }
        return "<table><tr><th>\(title)</th><th>Type</th><th></th></tr>\n\(rows.joined())</table>\n"
    }

    static func escaped(_ text: String) -> String {
        var result = ""
        for character in text {
            switch character {
            case "&": result += "&amp;"
            case "<": result += "&lt;"
            case ">": result += "&gt;"
            case "\"": result += "&quot;"
            case "'": result += "&#39;"
            default: result.append(character)
            }
        }
        return result
    }
}

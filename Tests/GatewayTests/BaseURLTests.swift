import Domain
import Testing

@testable import Gateway

struct BaseURLTests {
    @Test(arguments: [
        ("https://api.openai.com/v1", "https://api.openai.com/v1", "api.openai.com", 443, "/v1", ""),
        ("HTTP://a/", "http://a", "a", 80, "", ""), ("http://a", "http://a", "a", 80, "", ""),
        ("http://a:8080/x//", "http://a:8080/x", "a", 8080, "/x", ""),
        ("https://a:80", "https://a:80", "a", 80, "", ""),
        ("http://[::1]:9/v1", "http://[::1]:9/v1", "::1", 9, "/v1", ""),
        ("https://[::1]", "https://[::1]", "::1", 443, "", ""),
        ("http://a/p?key=secret", "http://a/p", "a", 80, "/p", "?key=secret"),
        ("http://a?b", "http://a", "a", 80, "", "?b"),
        ("http://127.0.0.1:65535", "http://127.0.0.1:65535", "127.0.0.1", 65535, "", ""),
    ])
    func takesAURLApart(
        _ text: String,
        _ display: String,
        _ host: String,
        _ port: Int,
        _ path: String,
        _ query: String
    ) throws {
        let url = try #require(BaseURL(text))
        #expect(url.host == host)
        #expect(url.port == port)
        #expect(url.path == path)
        #expect(url.query == query)
        #expect(url.display == display)
        #expect(url.isTLS == text.lowercased().hasPrefix("https"))
    }

    @Test(arguments: [
        "", "a", "a:80", "//a", "ftp://a", "http:/a", "http://", "http:///x", "http://:80", "http://a:", "http://a:x",
        "http://a:0",
        "http://a:65536", "http://a:-1", "http://a:+80", "http://user@a", "http://user:pass@a/x", "http://a/#f",
        "http://a b",
        "http://a\r\nX: y", "http://a/\r\nX: y", "http://é", "http://[::1", "http://[]", "http://[::1]x",
        "http://[::1]:x",
        "http://[::1]:", "http://a\u{7f}",
    ])
    func refusesWhatIsNoBase(_ text: String) {
        #expect(BaseURL(text) == nil)
    }
}

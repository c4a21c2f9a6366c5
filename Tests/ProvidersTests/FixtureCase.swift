import Domain
import Foundation
import NIOCore
import Providers
import Testing
import WireFormats

/// One case of the fixtures' folder: the files `<vendor>/<name>.*` that belong together.
///
/// - `request.json`: what the client sends; `sent.json`: what the vendor must get, or `refused.json`: the refusal.
/// - `upstream.json`: what the vendor answers; `answer.json`: what the client must get, or `failure.json`: the error.
/// - `upstream.sse` and `answer.sse` (or `failure.json`): the same for streams.
/// - `usage.json`: the tokens counted; `options.json`: the deployment's settings and the operation.
struct FixtureCase: Sendable, CustomTestStringConvertible {
    let vendor: String
    let name: String
    private let directory: URL

    var testDescription: String { "\(self.vendor)/\(self.name)" }

    static let all: [FixtureCase] = {
        guard let root = Bundle.module.url(forResource: "Fixtures", withExtension: nil) else { return [] }
        let files = FileManager.default
        let vendors = (try? files.contentsOfDirectory(atPath: root.path)) ?? []
        return vendors.sorted().flatMap { vendor -> [FixtureCase] in
            let directory = root.appendingPathComponent(vendor)
            let names = (try? files.contentsOfDirectory(atPath: directory.path)) ?? []
            let cases = Set(names.map { String($0.prefix { $0 != "." }) })
            return cases.sorted().map { FixtureCase(vendor: vendor, name: $0, directory: directory) }
        }
    }()

    func bytes(_ kind: String) -> ByteBuffer? {
        let url = self.directory.appendingPathComponent("\(self.name).\(kind)")
        guard let data = try? Data(contentsOf: url) else { return nil }
        return ByteBuffer(bytes: data)
    }

    func json(_ kind: String) throws -> JSONValue? {
        try self.bytes(kind + ".json").map { try JSONValue(parsing: $0) }
    }
}

/// A case made ready: the call, the deployment and the provider it is about.
struct FixtureCall {
    let call: ModelCall
    let deployment: Deployment
    let translator: any CallTranslator
    let upstreamModel: String

    init(_ fixture: FixtureCase) throws {
        let options = try fixture.json("options") ?? [:]
        let operation: Domain.Operation =
            switch options["operation"]?.string {
            case "completions": .completions
            case "embeddings": .embeddings
            default: .chatCompletions
            }
        let fallback = #"{"model":"\#(fixture.vendor)/m","messages":[],"stream_options":{"include_usage":true}}"#
        let body = fixture.bytes("request.json") ?? ByteBuffer(string: fallback)
        let isStream: Bool? = fixture.bytes("upstream.sse") == nil ? nil : true
        self.call = try TestCall.make(body, operation: operation, isStream: isStream)
        self.upstreamModel = String(self.call.model.drop { $0 != "/" }.dropFirst())
        self.deployment = TestCall.deployment(options: options)
        let provider = try #require(TestCall.catalog.provider(named: fixture.vendor))
        self.translator = try #require(provider.translator(for: operation))
    }

    /// What the request's translation says about reading its answer, as far as it can be translated.
    var context: TranslationContext {
        let translated = try? self.translator.request(self.call, model: self.upstreamModel, deployment: self.deployment)
        return translated?.context ?? .none
    }
}

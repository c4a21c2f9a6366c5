internal import NIOCore
internal import NIOHTTP1

/// The mock's own routes under `/_mock/`: the script and what can be looked at from outside.
struct ControlRoutes {
    let state: MockState

    func answer(_ request: ReceivedRequest) -> Answer {
        switch (request.head.method, request.path) {
        case (.POST, "/_mock/script"): return self.addScript(request)
        case (.DELETE, "/_mock/script"):
            self.state.clearScript()
            return Self.answer(["cleared": true])
        case (.GET, "/_mock/requests"): return Self.answer(self.state.recordedRequests)
        case (.DELETE, "/_mock/requests"):
            self.state.clearRecords()
            return Self.answer(["cleared": true])
        case (.GET, "/_mock/stats"): return Self.answer(self.state.statistics)
        default: return Self.answer(["error": "no such control route"], status: 404)
        }
    }

    private func addScript(_ request: ReceivedRequest) -> Answer {
        do {
            var directives: [Directive] = []
            guard let items = try request.json().items else {
                return Self.answer(["error": "the script is a JSON array of directives"], status: 400)
            }
            for item in items { directives.append(try Directive(item)) }
            self.state.add(directives)
            return Self.answer(["added": .integer(directives.count)])
        } catch let error as DirectiveError {
            return Self.answer(["error": .string(error.message)], status: 400)
        } catch {
            return Self.answer(["error": "the script is not JSON"], status: 400)
        }
    }

    private static func answer(_ value: JSONValue, status: Int = 200) -> Answer {
        var body = ByteBuffer()
        body.write(json: value)
        return Answer(status: status, headerLines: "", body: .complete(body))
    }
}

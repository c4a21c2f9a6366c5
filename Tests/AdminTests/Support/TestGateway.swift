import Domain
import NIOCore
import Synchronization
import WireFormats

/// A running gateway as management sees it, made of what a test says.
final class TestGateway: GatewayState {
    private struct State {
        var globalBudget: NanoDollars?
        var live: NanoDollars?
        var refusal: GatewayError?
        var checked: [String] = []
        var resets: [String] = []
    }

    private let state = Mutex(State())

    var globalBudget: NanoDollars? {
        get { self.state.withLock { $0.globalBudget } }
        set { self.state.withLock { $0.globalBudget = newValue } }
    }

    var live: NanoDollars? {
        get { self.state.withLock { $0.live } }
        set { self.state.withLock { $0.live = newValue } }
    }

    /// What is wrong with every model.
    var refusal: GatewayError? {
        get { self.state.withLock { $0.refusal } }
        set { self.state.withLock { $0.refusal = newValue } }
    }

    /// The parameters of models that were checked.
    var checked: [String] { self.state.withLock { $0.checked } }

    func catchUp(to revision: Int64) async {}

    func liveSpend(_ kind: SubjectKind, _ id: String) -> NanoDollars? { kind == .global ? self.live : nil }

    func resetSpend(_ kind: SubjectKind, _ id: String) async {
        self.state.withLock { $0.resets.append("\(kind.rawValue):\(id)") }
    }

    var modelGroups: [(name: String, accessGroups: [String])] {
        [("gpt-4o", ["frontier"]), ("gpt-4o-mini", []), ("claude", ["frontier"])]
    }

    var declaredModelIDs: Set<String> { ["declared-1", "declared-2", "declared-3"] }

    func modelInfo(_ isAllowed: (String) -> Bool) -> [ByteBuffer] {
        [
            ("gpt-4o", "declared-1", "openai", 128_000, true), ("gpt-4o-mini", "declared-2", "openai", 16_000, false),
            ("claude", "declared-3", "anthropic", 200_000, true),
        ].filter { isAllowed($0.0) }.map { name, id, provider, limit, seesPictures in
            let info: JSONValue = [
                "id": .text(id), "db_model": false, "litellm_provider": .text(provider), "mode": "chat",
                "max_input_tokens": .integer(limit), "supports_vision": .bool(seesPictures),
            ]
            let row: JSONValue = [
                "model_name": .text(name), "litellm_params": ["model": .text("\(provider)/\(name)")],
                "model_info": info,
            ]
            return row.serialized
        }
    }

    func checkModel(name: String, parameters: ByteBuffer, info: ByteBuffer?) throws(GatewayError) {
        let refusal = self.state.withLock { state in
            state.checked.append(String(buffer: parameters))
            return state.refusal
        }
        if let refusal { throw refusal }
    }

    /// A thousandth of a cent a token, in and out; `claude` has no price.
    func price(model: String, usage: TokenUsage) -> CallCost? {
        guard model != "claude", self.modelGroups.contains(where: { $0.name == model }) else { return nil }
        var cost = CallCost()
        cost.total = NanoDollars(Int64(usage.total) * 10_000)
        return cost
    }

    func estimateInput(_ body: ByteBuffer) -> Int { 7 }
}

/// Seals by turning texts around, so that a test can look inside.
struct TestSealer: Sealer {
    func seal(_ text: String, purpose: String) -> String? { "\(purpose):" + String(text.reversed()) }

    func open(_ sealed: String, purpose: String) -> Secret<String>? {
        guard sealed.hasPrefix("\(purpose):") else { return nil }
        return Secret(String(sealed.dropFirst(purpose.count + 1).reversed()))
    }
}

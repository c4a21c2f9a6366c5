import Domain
import WireFormats

/// The tools of a request and the choice among them, in Anthropic's words.
///
/// Source: provider-formats.md, section 2.3, items 7, 8 and 12; Anthropic API reference, "Tool use".
struct AnthropicTools {
    var tools: [JSONValue] = []
    private(set) var choice: JSONObject?
    private let fields: JSONObject
    private let isStrict: Bool

    /// The tool whose input is the answer, where a model has no structured output of its own.
    static let answerTool = "json_tool_call"

    init(request: AnthropicRequest) {
        self.fields = request.fields
        self.isStrict = request.capabilities.nativeStructuredOutput == true
    }

    mutating func read(names: inout ToolNames) throws(GatewayError) {
        let listed = self.fields["tools"]?.array ?? []
        let functions = self.fields["functions"]?.array ?? []
        for tool in listed { if let name = tool["function"]?["name"]?.string { names.reserve(name) } }
        for tool in listed { self.tools.append(try self.tool(tool, names: &names)) }
        for function in functions {
            self.tools.append(try self.tool(["type": "function", "function": function], names: &names))
        }
        if let search = self.fields["web_search_options"], search.object != nil {
            self.tools.append(Self.search(search))
        }
        self.readChoice(self.fields["tool_choice"] ?? self.fields["function_call"], names: &names)
        if self.fields["parallel_tool_calls"]?.bool == false { self.forbidParallel() }
    }

    // MARK: Tools

    private func tool(_ tool: JSONValue, names: inout ToolNames) throws(GatewayError) -> JSONValue {
        if let custom = tool["custom"] { return self.customTool(custom, names: &names) }
        guard let function = tool["function"] else {
            // A tool the provider runs itself, such as web_search_20250305, is written as the provider wants it.
            guard tool["name"] != nil, tool["type"]?.string != nil else {
                throw AnthropicErrors.badRequest("A tool has neither 'function' nor a type and name.", param: "tools")
            }
            return tool
        }
        guard let name = function["name"]?.string else {
            throw AnthropicErrors.badRequest("A tool's function has no name.", param: "tools")
        }
        var object = JSONObject([("name", .text(names.sentName(for: name)))])
        if let description = function["description"], description.string != nil {
            object.append("description", description)
        }
        object.append("input_schema", Self.inputSchema(function["parameters"]))
        if self.isStrict, function["strict"]?.bool == true { object.append("strict", true) }
        if let mark = tool["cache_control"] ?? function["cache_control"], !mark.isNull {
            object.append("cache_control", mark)
        }
        return .object(object)
    }

    private func customTool(_ custom: JSONValue, names: inout ToolNames) -> JSONValue {
        var object = JSONObject([("name", .text(names.sentName(for: custom["name"]?.string ?? "custom")))])
        if let description = custom["description"], description.string != nil {
            object.append("description", description)
        }
        object.append(
            "input_schema",
            ["type": "object", "properties": ["input": ["type": "string"]], "required": ["input"]]
        )
        return .object(object)
    }

    /// A schema whose top says `object`, as Anthropic demands; the order of its members is kept.
    static func inputSchema(_ parameters: JSONValue?) -> JSONValue {
        guard var schema = parameters?.object, !schema.isEmpty else { return ["type": "object", "properties": [:]] }
        if schema["type"]?.string != "object" {
            if schema["type"] == nil {
                schema = JSONObject([("type", "object")] + schema.members.map { ($0.key, $0.value) })
            } else {
                schema["type"] = "object"
            }
        }
        return .object(schema)
    }

    /// How many searches each of OpenAI's context sizes stands for, as LiteLLM has it.
    private static func search(_ options: JSONValue) -> JSONValue {
        var tool = JSONObject([("type", "web_search_20250305"), ("name", "web_search")])
        switch options["search_context_size"]?.string {
        case "low": tool.append("max_uses", 1)
        case "medium": tool.append("max_uses", 5)
        case "high": tool.append("max_uses", 10)
        default: break
        }
        if let place = options["user_location"]?["approximate"]?.object {
            var location = JSONObject([("type", "approximate")])
            for key in ["city", "country", "region", "timezone"] { location[key] = place[key] }
            tool.append("user_location", .object(location))
        }
        return .object(tool)
    }

    mutating func addAnswerTool(_ schema: JSONValue, names: inout ToolNames) -> String {
        // A client's tool of the same name has taken it already, and this one gets a number.
        let taken = Set(self.tools.compactMap { $0["name"]?.string })
        var name = Self.answerTool
        while taken.contains(name) { name += "_" }
        let hasOthers = !self.tools.isEmpty && self.choice?["type"]?.string != "none"
        self.tools.append([
            "name": .text(name), "description": "Give the answer by calling this tool.", "input_schema": schema,
        ])
        let isParallelForbidden = self.choice?["disable_parallel_tool_use"]
        self.choice = hasOthers ? Self.choice("any") : JSONObject([("type", "tool"), ("name", .text(name))])
        if let isParallelForbidden { self.choice?["disable_parallel_tool_use"] = isParallelForbidden }
        return name
    }

    /// A history with calls needs tools to be listed, though none may be called.
    mutating func addStubIfEmpty() {
        guard self.tools.isEmpty else { return }
        self.tools = [
            [
                "name": "dummy_tool", "description": "Does nothing; never call it.",
                "input_schema": ["type": "object", "properties": [:]],
            ]
        ]
        self.choice = Self.choice("none")
    }

    // MARK: The choice

    private mutating func readChoice(_ choice: JSONValue?, names: inout ToolNames) {
        switch choice {
        case .string(let word):
            switch word.text {
            case "none": self.choice = Self.choice("none")
            case "auto": self.choice = Self.choice("auto")
            case "required", "any": self.choice = Self.choice("any")
            default: break
            }
        case .object(let object): self.readChoice(object, names: &names)
        default: break
        }
    }

    private mutating func readChoice(_ object: JSONObject, names: inout ToolNames) {
        switch object["type"]?.string {
        case "allowed_tools":
            let allowed = object["allowed_tools"]
            let listed = Set(
                (allowed?["tools"]?.array ?? []).compactMap { tool in
                    (tool["function"]?["name"] ?? tool["name"])?.string.map { names.sentName(for: $0) }
                }
            )
            self.tools.removeAll { tool in tool["name"]?.string.map { !listed.contains($0) } ?? true }
            self.choice = Self.choice(allowed?["mode"]?.string == "required" ? "any" : "auto")
        case "auto": self.choice = Self.choice("auto")
        case "any": self.choice = Self.choice("any")
        case "none": self.choice = Self.choice("none")
        default:
            let name = object["function"]?["name"] ?? object["custom"]?["name"] ?? object["name"]
            if let name = name?.string {
                self.choice = JSONObject([("type", "tool"), ("name", .text(names.sentName(for: name)))])
            }
        }
    }

    private static func choice(_ type: String) -> JSONObject {
        JSONObject([("type", .text(type))])
    }

    private mutating func forbidParallel() {
        guard self.choice?["type"]?.string != "none" else { return }
        var choice = self.choice ?? JSONObject([("type", "auto")])
        choice["disable_parallel_tool_use"] = true
        self.choice = choice
    }

    /// With thinking on, a model cannot be made to call: the choice becomes the model's.
    mutating func freeChoice() {
        guard var choice = self.choice, let type = choice["type"]?.string, type == "any" || type == "tool" else {
            return
        }
        choice["type"] = "auto"
        choice["name"] = nil
        self.choice = choice
    }
}

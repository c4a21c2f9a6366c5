import Domain
import NIOCore
import WireFormats

/// Adds, changes and removes models at run time.
struct ModelChanges: Sendable {
    let desk: Desk

    func new(_ call: ManagementCall) async throws(GatewayError) -> Answer {
        let draft = try call.read(ModelFields.new, ModelDraft())
        let asked = try Self.id(in: draft.info)
        let id = asked ?? self.desk.makeID()
        try self.refuseDeclared(id)
        let model = try self.sealed(id, draft.name ?? "", Self.merged(JSONObject(), draft.parameters), draft.info)
        let taken = GatewayError.conflict(
            "Model with id '\(FieldValue.shown(id))' already exists.",
            param: "model_info"
        )
        let made = try await self.desk.change(call, duplicate: taken) { (change) throws(GatewayError) in
            guard try await self.desk.find(StoredModel.self, id) == nil else { throw taken }
            return change.insert(model)
        }
        return Answer.json(ModelRow.write(made))
    }

    func update(_ call: ManagementCall) async throws(GatewayError) -> Answer {
        let draft = try call.read(ModelFields.update, ModelDraft())
        let named = try Self.id(in: draft.info)
        guard let id = draft.id ?? named else {
            throw .invalid("'model_id': is required", param: "model_id")
        }
        return try await self.change(id, draft, call)
    }

    func patch(_ call: ManagementCall) async throws(GatewayError) -> Answer {
        let draft = try call.read(ModelFields.patch, ModelDraft())
        return try await self.change(call.parameters["model_id"] ?? "", draft, call)
    }

    private func change(_ id: String, _ draft: ModelDraft, _ call: ManagementCall) async throws(GatewayError) -> Answer
    {
        if let named = try Self.id(in: draft.info), named != id {
            throw .invalid(
                "A model's id cannot be changed: add another model and delete this one.",
                param: "model_info"
            )
        }
        let model = try await self.desk.change(call) { (change) throws(GatewayError) in
            let old = try await self.require(id)
            let name = draft.name ?? old.record.name
            let parameters = Self.merged(try self.opened(old.record), draft.parameters)
            let info = Self.merged(JSONValue.stored(old.record.info).object ?? JSONObject(), draft.info)
            var model = try self.sealed(id, name, parameters, info)
            model.isBlocked = old.record.isBlocked
            model.stamp = old.record.stamp
            // A seal differs each time it is made: what stays as it is keeps its own.
            if draft.parameters.isEmpty { model.sealedParameters = old.record.sealedParameters }
            return change.update(old, to: model)
        }
        return Answer.json(ModelRow.write(model))
    }

    func delete(_ call: ManagementCall) async throws(GatewayError) -> Answer {
        let id = try self.named(call)
        try await self.desk.change(call) { (change) throws(GatewayError) in change.delete(try await self.require(id)) }
        return Answer.json(["message": .text("Model: \(id) deleted successfully")] as JSONValue)
    }

    /// Takes a model out of service, or back into it.
    func block(_ call: ManagementCall, _ isBlocked: Bool) async throws(GatewayError) -> Answer {
        let id = try self.named(call)
        let model = try await self.desk.change(call) { (change) throws(GatewayError) in
            let old = try await self.require(id)
            var model = old.record
            model.isBlocked = isBlocked ? true : nil
            return change.update(old, to: model, action: isBlocked ? "blocked" : "unblocked")
        }
        return Answer.json(ModelRow.write(model))
    }

    // What requests name

    private func named(_ call: ManagementCall) throws(GatewayError) -> String {
        guard let id = try call.read(ModelFields.one, ModelDraft()).id else {
            throw .invalid("'id': is required", param: "id")
        }
        return id
    }

    private static func id(in info: JSONObject) throws(GatewayError) -> String? {
        guard let value = info["id"], !value.isNull else { return nil }
        guard let id = value.string, !id.isEmpty, id.utf8.count <= 512, !id.unicodeScalars.contains("\0") else {
            throw .invalid("'model_info': 'id' must be a string of 1 to 512 bytes", param: "model_info")
        }
        return id
    }

    private func require(_ id: String) async throws(GatewayError) -> Versioned<StoredModel> {
        if let model = try await self.desk.find(StoredModel.self, id) { return model }
        try self.refuseDeclared(id)
        throw .missing("Model with id=\(FieldValue.shown(id)) not found in db", param: "id")
    }

    /// - Throws: 409 where the file declares the model.
    private func refuseDeclared(_ id: String) throws(GatewayError) {
        guard self.desk.state?.declaredModelIDs.contains(id) == true else { return }
        throw .conflict("Model '\(FieldValue.shown(id))' is declared in config.yaml: change it there.", param: "id")
    }

    // Parameters

    /// What was there, changed by what is said; null takes away.
    private static func merged(_ old: JSONObject, _ said: JSONObject) -> JSONObject {
        var result = old
        for member in said.members { result[member.key] = member.value.isNull ? nil : member.value }
        return result
    }

    private func sealed(
        _ id: String,
        _ name: String,
        _ parameters: JSONObject,
        _ info: JSONObject
    ) throws(GatewayError) -> StoredModel {
        var info = Self.merged(JSONObject(), info)
        for name in ModelRow.answered { info[name] = nil }
        info["id"] = .text(id)
        let text = JSONValue.object(parameters).serialized
        let infoText = JSONValue.object(info).serialized
        try self.desk.state?.checkModel(name: name, parameters: text, info: infoText)
        guard let sealed = self.desk.sealer.seal(String(buffer: text), purpose: StoredModel.sealPurpose) else {
            throw .invalid(
                "A model's credentials are kept sealed, and there is no key to seal them with: set MARTLET_SALT_KEY, "
                    + "or general_settings.master_key, and start again.",
                param: "litellm_params"
            )
        }
        var model = StoredModel(id: id, name: name, sealedParameters: sealed)
        model.shownParameters = String(buffer: JSONValue.object(ShownParameters.of(parameters)).serialized)
        model.info = String(buffer: infoText)
        return model
    }

    /// - Throws: 409 where they were sealed with another key.
    private func opened(_ model: StoredModel) throws(GatewayError) -> JSONObject {
        guard let secret = self.desk.sealer.open(model.sealedParameters, purpose: StoredModel.sealPurpose),
            let parameters = JSONValue.stored(secret.reveal()).object
        else {
            throw .conflict(
                "Model '\(FieldValue.shown(model.id))' was sealed with another salt key: delete it and add it again.",
                param: "id"
            )
        }
        return parameters
    }
}

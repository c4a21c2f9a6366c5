import Domain
import WireFormats

/// Makes, changes and deletes tags.
struct TagChanges: Sendable {
    let desk: Desk

    func new(_ call: ManagementCall) async throws(GatewayError) -> Answer {
        let draft = try call.read(TagFields.new, TagDraft())
        let said = draft.tag
        var tag = Tag(id: draft.name ?? "")
        tag.summary = said.summary
        tag.models = said.models
        tag.allowance = said.allowance
        tag.budgetID = said.budgetID
        let new = tag
        try await self.desk.checkBudget(new.budgetID)
        let taken = GatewayError.conflict("Tag \(FieldValue.shown(new.id)) already exists", param: "name")
        let made = try await self.desk.change(call, duplicate: taken) { (change) throws(GatewayError) in
            change.insert(new)
        }
        return try await self.answer(made, "created", call)
    }

    func update(_ call: ManagementCall) async throws(GatewayError) -> Answer {
        let name = try call.read(TagFields.update, TagDraft()).name ?? ""
        let tag = try await self.desk.change(call) { (change) throws(GatewayError) in
            let old = try await self.tag(name)
            var draft = TagDraft(old.record)
            try TagFields.update.read(call.body, into: &draft)
            if draft.tag.budgetID != old.record.budgetID { try await self.desk.checkBudget(draft.tag.budgetID) }
            return change.update(old, to: draft.tag)
        }
        return try await self.answer(tag, "updated", call)
    }

    func delete(_ call: ManagementCall) async throws(GatewayError) -> Answer {
        let name = try call.read(TagNames.one, TagNames()).name ?? ""
        try await self.desk.change(call) { (change) throws(GatewayError) in
            change.delete(try await self.tag(name))
        }
        return Answer.json(["message": .text("Tag \(name) deleted successfully")] as JSONValue)
    }

    private func tag(_ name: String) async throws(GatewayError) -> Versioned<Tag> {
        guard let tag = try await self.desk.find(Tag.self, name) else {
            throw .missing("Tag \(FieldValue.shown(name)) not found", param: "name")
        }
        return tag
    }

    private func answer(_ tag: Tag, _ done: String, _ call: ManagementCall) async throws(GatewayError) -> Answer {
        let spent = try await self.desk.spent(.tag, [tag], now: call.now)[tag.id] ?? SpentAmounts()
        return Answer.json(
            [
                "message": .text("Tag \(tag.id) \(done) successfully"),
                "tag": .object(TagRow.write(tag, spent, at: call.now)),
            ] as JSONValue
        )
    }
}

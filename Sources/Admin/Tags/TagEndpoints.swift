import Domain
import WireFormats

/// `/tag/*`.
struct TagEndpoints: Sendable {
    let desk: Desk

    var routes: [Route] { self.changing + self.reading }

    private var changing: [Route] {
        let changes = TagChanges(desk: self.desk)
        return [
            Route(
                .post,
                "/tag/new",
                .tags,
                "Adds a tag, with a budget if it is to have one.",
                body: TagFields.new.descriptions,
                example: #"{"name":"batch","description":"Nightly jobs","max_budget":50}"#,
                answer: "message, tag: the record.",
                handler: { (call) throws(GatewayError) in try await changes.new(call) }
            ),
            Route(
                .post,
                "/tag/update",
                .tags,
                "Changes a tag: absent fields stay, null takes away.",
                body: TagFields.update.descriptions,
                example: #"{"name":"batch","max_budget":80}"#,
                answer: "message, tag: the record.",
                handler: { (call) throws(GatewayError) in try await changes.update(call) }
            ),
            Route(
                .post,
                "/tag/delete",
                .tags,
                "Deletes a tag. Spend stays in the ledger.",
                body: TagNames.one.descriptions,
                example: #"{"name":"batch"}"#,
                answer: "message.",
                handler: { (call) throws(GatewayError) in try await changes.delete(call) }
            ),
        ]
    }

    private var reading: [Route] {
        let reading = TagReading(desk: self.desk)
        return [
            Route(
                .post,
                "/tag/info",
                .tags,
                "Tells about tags.",
                body: TagNames.many.descriptions,
                example: #"{"names":["batch"]}"#,
                answer: "The records by name.",
                handler: { (call) throws(GatewayError) in try await reading.info(call) }
            ),
            Route(
                .get,
                "/tag/list",
                .tags,
                "Lists tags, those too that are known from requests only: all, unless a page is asked for.",
                query: TagFilter.table.descriptions,
                answer: "The records.",
                handler: { (call) throws(GatewayError) in try await reading.list(call) }
            ),
        ]
    }
}

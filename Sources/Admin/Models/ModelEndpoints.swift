import Domain

/// `/model/*`.
struct ModelEndpoints: Sendable {
    let desk: Desk

    var routes: [Route] { self.changing + self.blocking + self.reading }

    private var changing: [Route] {
        let changes = ModelChanges(desk: self.desk)
        return [
            Route(
                .post,
                "/model/new",
                .models,
                "Adds a deployment at run time, as model_list of config.yaml has them; credentials are kept sealed.",
                body: ModelFields.new.descriptions,
                example: #"{"model_name":"gpt-4","litellm_params":{"model":"openai/gpt-4","api_key":"sk-..."}}"#,
                answer: "model_id, model_name, litellm_params without credentials, model_info, blocked.",
                handler: { (call) throws(GatewayError) in try await changes.new(call) }
            ),
            Route(
                .post,
                "/model/update",
                .models,
                "Changes a deployment that was added at run time: absent members stay, null takes away.",
                body: ModelFields.update.descriptions,
                example: #"{"model_id":"model-1","litellm_params":{"rpm":100}}"#,
                handler: { (call) throws(GatewayError) in try await changes.update(call) }
            ),
            Route(
                .patch,
                "/model/{model_id}/update",
                .models,
                "Changes a deployment that was added at run time: absent members stay, null takes away.",
                body: ModelFields.patch.descriptions,
                example: #"{"litellm_params":{"rpm":100}}"#,
                handler: { (call) throws(GatewayError) in try await changes.patch(call) }
            ),
            Route(
                .post,
                "/model/delete",
                .models,
                "Removes a deployment that was added at run time.",
                body: ModelFields.one.descriptions,
                example: #"{"id":"model-1"}"#,
                answer: "message.",
                handler: { (call) throws(GatewayError) in try await changes.delete(call) }
            ),
        ]
    }

    private var blocking: [Route] {
        let changes = ModelChanges(desk: self.desk)
        return [
            Route(
                .post,
                "/model/block",
                .models,
                "Takes a deployment that was added at run time out of service.",
                body: ModelFields.one.descriptions,
                example: #"{"id":"model-1"}"#,
                handler: { (call) throws(GatewayError) in try await changes.block(call, true) }
            ),
            Route(
                .post,
                "/model/unblock",
                .models,
                "Takes a deployment back into service.",
                body: ModelFields.one.descriptions,
                example: #"{"id":"model-1"}"#,
                handler: { (call) throws(GatewayError) in try await changes.block(call, false) }
            ),
        ]
    }

    private var reading: [Route] {
        let reading = ModelReading(desk: self.desk)
        return [
            Route(
                .get,
                "/model/info",
                .models,
                "Tells about the deployments of the models that the caller may use.",
                query: ModelFilter.info.descriptions,
                answer: "data: model_name, litellm_params without credentials, model_info with limits and prices.",
                handler: { (call) throws(GatewayError) in try await reading.info(call) }
            ),
            Route(
                .get,
                "/v2/model/info",
                .models,
                "Tells about deployments, page by page.",
                query: ModelFilter.pages.descriptions,
                answer: "data, total_count, current_page, total_pages, size.",
                handler: { (call) throws(GatewayError) in try await reading.pages(call) }
            ),
            Route(
                .get,
                "/model_group/info",
                .models,
                "Tells about model groups: what their deployments have together.",
                query: ModelFilter.groups.descriptions,
                answer: "data: model_group, providers, limits, prices, supports_*.",
                handler: { (call) throws(GatewayError) in try await reading.groups(call) }
            ),
        ]
    }
}

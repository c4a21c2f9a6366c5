package import Domain

/// All prices there are: a deployment's own over an operator's file over the table the program carries.
///
/// Read when a snapshot is built; calls are priced by the sheets it gives out.
package struct PriceBook: Sendable {
    private let table: PriceTable
    private let file: PriceFile?

    package init(table: PriceTable = .bundled, file: PriceFile? = nil) {
        self.table = table
        self.file = file
    }

    /// Names the lists in use, for diagnostics: `table:2026-11-22`, with `file:<version>` before it where there is one.
    package var version: String {
        let table = "table:\(self.table.version)"
        return self.file.map { "file:\($0.version) \(table)" } ?? table
    }

    /// The sheet of a deployment, by the first of: its own prices, its base model, `provider/model`, `model`.
    ///
    /// `provider`: as in ``ProviderDescriptor/name``.
    ///
    /// `model`: the name at the provider.
    ///
    /// `baseModel`: `model_info.base_model`, which says what hides behind a deployment's own name.
    ///
    /// `ownPrices`: by LiteLLM's field names, such as `input_cost_per_token`.
    ///
    /// `maximumOutput`: `model_info.max_output_tokens` or `max_tokens`, if the entry has one.
    package func sheet(
        provider: String,
        model: String,
        baseModel: String? = nil,
        ownPrices: [String: UnitPrice] = [:],
        maximumInput: Int? = nil,
        maximumOutput: Int? = nil
    ) -> PriceSheet {
        let provider = PriceProviders.normalized(provider)
        var source: String?
        var fields = PriceFields()
        if let found = self.tableFields(provider, model, baseModel) {
            fields = PriceFields(found)
            if fields.hasPrices { source = "table:\(self.table.version)" }
        }
        if let file, let found = self.fileFields(file, provider, model, baseModel) {
            let own = PriceFields(found)
            fields = fields.overlaid(by: own)
            if own.hasPrices { source = "file:\(file.version)" }
        }
        let own = PriceFields(ownPrices)
        fields = fields.overlaid(by: own)
        if own.hasPrices { source = "deployment" }
        fields.limit(maximumInput: maximumInput, maximumOutput: maximumOutput)
        return PriceSheetCompiler(fields, provider: provider, model: baseModel ?? model).sheet(source: source)
    }

    private func tableFields(
        _ provider: String,
        _ model: String,
        _ baseModel: String?
    ) -> [(name: String, json: String)]? {
        if let baseModel {
            let found =
                self.table.entry(named: baseModel)?.facts ?? self.table.facts(provider: provider, model: baseModel)
            if let found { return found.fields }
        }
        return self.table.facts(provider: provider, model: model)?.fields
    }

    private func fileFields(
        _ file: PriceFile,
        _ provider: String,
        _ model: String,
        _ baseModel: String?
    ) -> [(name: String, json: String)]? {
        if let baseModel {
            let found = file.fields(named: baseModel) ?? file.fields(provider: provider, model: baseModel)
            if let found { return found }
        }
        return file.fields(provider: provider, model: model)
    }
}

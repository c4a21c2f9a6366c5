/// Somebody whom an application serves, named in its requests (`user`): LiteLLM's customer.
package struct EndUser: StoredRecord {
    package static var kind: RecordKind { .endUser }

    package var id: String
    package var alias: String?
    package var isBlocked: Bool?
    /// Empty means all.
    package var models: [String] = []
    /// The model of this end user's requests that name none.
    package var defaultModel: String?
    package var allowedModelRegion: String?
    package var allowance = Allowance()
    package var budgetID: String?
    package var stamp = RecordStamp()

    package init(id: String) {
        self.id = id
    }
}

/// An allowance with a name, shared by all that point to it; each of them has it for itself.
package struct Budget: StoredRecord {
    package static var kind: RecordKind { .budget }

    package var id: String
    package var allowance = Allowance()
    package var stamp = RecordStamp()

    package init(id: String) {
        self.id = id
    }
}

/// A word that spend is booked under, with a budget if it has one.
package struct Tag: StoredRecord {
    package static var kind: RecordKind { .tag }

    /// Its name.
    package var id: String
    package var summary: String?
    package var models: [String] = []
    package var allowance = Allowance()
    package var budgetID: String?
    package var stamp = RecordStamp()

    package init(id: String) {
        self.id = id
    }
}

/// A deployment that was added at run time.
package struct StoredModel: StoredRecord {
    package static var kind: RecordKind { .model }
    /// What the parameters are sealed for.
    package static let sealPurpose = "model"

    /// The deployment's id: `model_info.id`.
    package var id: String
    /// The model group.
    package var name: String
    /// `litellm_params` as JSON text, sealed: it holds the provider's credentials.
    ///
    /// Base64.
    package var sealedParameters: String
    /// The members of `litellm_params` that are no secret, as JSON text, to be shown.
    package var shownParameters: String?
    /// `model_info` as JSON text.
    package var info: String?
    package var isBlocked: Bool?
    package var stamp = RecordStamp()

    package init(id: String, name: String, sealedParameters: String) {
        self.id = id
        self.name = name
        self.sealedParameters = sealedParameters
    }

    package var alias: String? { self.name }
}

package import Domain

/// A vendor whose API is OpenAI's but for its address and some quirks.
package struct CompatibleProvider: Provider {
    package let descriptor: ProviderDescriptor
    private let vendor: CompatibleVendor

    init(vendor: CompatibleVendor) {
        self.vendor = vendor
        self.descriptor = ProviderDescriptor(
            name: vendor.name,
            aliases: vendor.aliases,
            displayName: vendor.format.displayName,
            defaultBase: vendor.base,
            baseVariables: vendor.baseVariables,
            keyVariables: vendor.keyVariables,
            needsKey: vendor.needsKey
        )
    }

    package func path(for operation: Operation) -> String? {
        self.vendor.operations.contains(operation) ? operation.path : nil
    }

    package func normalizedBasePath(_ path: String) -> String {
        guard let version = self.vendor.versionPath, let last = version.split(separator: "/").last,
            !path.hasSuffix("/\(last)")
        else { return path }
        return path + version
    }

    package func headers(apiKey: Secret<String>?, options: ProviderOptions) -> [(name: String, value: String)] {
        var headers = BearerToken.headers(apiKey)
        if let name = self.vendor.keyHeader, let apiKey, !apiKey.reveal().isEmpty {
            headers.append((name: name, value: apiKey.reveal()))
        }
        if let name = self.vendor.organizationHeader, let organization = options.organization, !organization.isEmpty {
            headers.append((name: name, value: organization))
        }
        return headers + self.vendor.headers
    }

    package func translator(for operation: Operation) -> (any CallTranslator)? {
        guard self.vendor.operations.contains(operation) else { return nil }
        return OpenAITranslator(operation: operation, format: self.vendor.format)
    }
}

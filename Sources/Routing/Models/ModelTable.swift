package import Domain

/// The models on offer: names to groups, groups to deployments.
///
/// A requested name is looked for as an alias, a group, a deployment's id, and at last among the wildcards.
package struct ModelTable: Sendable {
    private var groups: [String: ModelGroup] = [:]
    private var aliases: [String: ModelAlias]
    private var byID: [String: ModelGroup] = [:]
    /// Longest pattern first.
    private var wildcards: [WildcardGroup] = []
    /// Group names in the order of the file.
    package private(set) var names: [String] = []

    /// - Parameters:
    ///   - deployments: in the order of the file.
    ///   - aliases: other names, which win over groups of the same name.
    package init(deployments: [Deployment], aliases: [ModelAlias]) {
        self.aliases = Dictionary(aliases.map { ($0.name, $0) }, uniquingKeysWith: { _, last in last })
        for deployment in deployments {
            if self.groups[deployment.group] == nil { self.names.append(deployment.group) }
            self.groups[deployment.group, default: ModelGroup(name: deployment.group)].add(deployment)
            var own = ModelGroup(name: deployment.group)
            own.add(deployment)
            self.byID[deployment.id] = own
        }
        self.wildcards = self.groups.values.filter { $0.name.contains("*") }.map { WildcardGroup($0) }
        self.wildcards.sort { ($0.pattern.weight, $1.group.name) > ($1.pattern.weight, $0.group.name) }
    }

    /// The group that serves `name`, or nil.
    package func match(_ name: String) -> ModelMatch? {
        let target = self.aliases[name]?.target ?? name
        if let group = self.groups[target] ?? self.byID[target] { return ModelMatch(group: group, captures: []) }
        for wildcard in self.wildcards {
            if let captures = wildcard.pattern.captures(of: target) {
                return ModelMatch(group: wildcard.group, captures: captures)
            }
        }
        return nil
    }

    /// Names that a caller may have meant by one that is not there.
    package func nearest(to name: String) -> [String] {
        NearNames.nearest(to: name, in: self.listed)
    }

    /// The names to show: groups in the order of the file (wildcards as they are), then visible aliases, sorted.
    package var listed: [String] {
        let visible = self.aliases.values.filter { !$0.isHidden && self.groups[$0.name] == nil }.map(\.name).sorted()
        return self.names + visible
    }

    /// The deployments of the group called `name` exactly.
    package func deployments(ofGroup name: String) -> [Deployment] {
        self.groups[name]?.deployments ?? []
    }
}

/// Another name for a group.
package struct ModelAlias: Sendable, Equatable {
    package var name: String
    package var target: String
    package var isHidden: Bool

    package init(name: String, target: String, isHidden: Bool) {
        self.name = name
        self.target = target
        self.isHidden = isHidden
    }
}

/// The deployments that serve one name.
package struct ModelGroup: Sendable {
    package let name: String
    package private(set) var deployments: [Deployment] = []
    /// The access groups that any of its deployments is in: `model_info.access_groups`.
    package private(set) var accessGroups: [String] = []
    /// Those that are tried first: the ones of the lowest `order`.
    private var first: [Deployment] = []
    private var totalWeight = 0.0

    init(name: String) {
        self.name = name
    }

    mutating func add(_ deployment: Deployment) {
        self.deployments.append(deployment)
        for name in deployment.settings.accessGroups where !self.accessGroups.contains(name) {
            self.accessGroups.append(name)
        }
        let lowest = self.deployments.map(\.settings.order).min() ?? 0
        self.first = self.deployments.filter { $0.settings.order == lowest }
        self.totalWeight = self.first.reduce(0) { $0 + $1.settings.weight }
    }

    /// The deployments in the order they are to be tried: first the one that `pick` picks, then those beside it, then those
    /// of higher `order`.
    package func candidates(using random: inout some RandomNumberGenerator) -> [Deployment] {
        guard self.deployments.count > 1, let picked = self.pick(using: &random) else { return self.deployments }
        let others = self.deployments.filter { $0 !== picked }.shuffled(using: &random)
        return [picked] + others.filter { $0.settings.order == picked.settings.order }
            + others.filter { $0.settings.order != picked.settings.order }
            .sorted { $0.settings.order < $1.settings.order }
    }

    /// One of the deployments that come first, each as likely as its weight: LiteLLM's `simple-shuffle`.
    package func pick(using random: inout some RandomNumberGenerator) -> Deployment? {
        guard self.first.count > 1, self.totalWeight > 0 else { return self.first.first }
        var point = Double.random(in: 0..<self.totalWeight, using: &random)
        for deployment in self.first {
            point -= deployment.settings.weight
            if point < 0 { return deployment }
        }
        return self.first.last
    }
}

/// A group that was found, and what its wildcards stood for.
package struct ModelMatch: Sendable {
    package var group: ModelGroup
    package var captures: [String]

    /// The model's name at the provider: the deployment's, with its `*` filled from the requested name.
    package func upstreamModel(of deployment: Deployment) -> String {
        guard !self.captures.isEmpty, deployment.upstreamModel.contains("*") else { return deployment.upstreamModel }
        var name = ""
        var rest = self.captures[...]
        for character in deployment.upstreamModel {
            if character == "*", let capture = rest.popFirst() { name += capture } else { name.append(character) }
        }
        return name
    }
}

private struct WildcardGroup: Sendable {
    var pattern: WildcardPattern
    var group: ModelGroup

    init(_ group: ModelGroup) {
        self.pattern = WildcardPattern(group.name)
        self.group = group
    }
}

import Domain
import Policies
package import Settings

/// Makes snapshots of what the file says and what was added at run time.
package struct SnapshotSource: Sendable {
    private let configuration: Configuration
    private let builder: SnapshotBuilder
    private let runtimeModels: RuntimeModels

    package init(configuration: Configuration, builder: SnapshotBuilder, runtimeModels: RuntimeModels) {
        self.configuration = configuration
        self.builder = builder
        self.runtimeModels = runtimeModels
    }

    /// The snapshot with `models`; one that cannot be served is left out and told of.
    ///
    /// `current`: what stays in force, but for the directory, when no snapshot can be made.
    func snapshot(
        _ models: [StoredModel],
        directory: Directory,
        version: Int,
        over current: Snapshot
    ) -> (snapshot: Snapshot, problems: [String]) {
        var (entries, problems) = self.runtimeModels.entries(models)
        while true {
            var configuration = self.configuration
            configuration.models += entries
            do throws(SnapshotProblem) {
                let built = try self.builder.build(configuration, version: version)
                return (built.snapshot.replacing(directory), problems)
            } catch {
                // What the file declares was served before, so it is one of the added ones.
                guard let last = entries.popLast() else { return (current.replacing(directory), problems) }
                problems.append("model '\(last.modelName)' is not served: \(error.description)")
            }
        }
    }
}

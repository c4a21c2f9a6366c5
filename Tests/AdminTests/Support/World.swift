import Domain
import Foundation
import Stores
import Synchronization

@testable import Admin

/// Who is there before a test begins.
///
/// `ines` is an internal user, admin of organization `acme` and of its team `search`; `vera` a viewer in both; `olaf` an
/// internal user who is nothing anywhere; `ada` and `wim` are the proxy's admin and viewer.
enum World {
    static let users = ["ada", "wim", "ines", "vera", "olaf"]

    /// The key of each: `sk-` and the name.
    static func key(_ name: String) -> String { "sk-key-of-\(name)-0000" }
    static func hash(_ name: String) -> KeyHash { KeyHash(of: self.key(name)) }

    /// The file of a database that holds everybody, made once.
    static func template(_ clock: TestClock) async throws -> Data {
        if let data = self.made.withLock({ $0 }) { return data }
        let file = FileManager.default.temporaryDirectory.appending(path: "martlet-admin-\(UUID().uuidString).db")
        let store = SQLStore(SQLiteDatabase(SQLiteLocation(path: file.path)), clock: clock)
        try await store.prepare()
        _ = try await store.apply(Mutation(self.records(at: clock.now).map { .insert($0) }, audit: []))
        await store.close()
        let data = try Data(contentsOf: file)
        try FileManager.default.removeItem(at: file)
        self.made.withLock { $0 = data }
        return data
    }

    private static let made = Mutex<Data?>(nil)

    private static func records(at now: WallTime) -> [any StoredRecord] {
        var stamp = RecordStamp()
        stamp.createdAt = now
        stamp.updatedAt = now
        stamp.createdBy = "seed"
        let records: [any StoredRecord] =
            self.people() + self.groups() + self.keys()
            + [Budget(id: "shared"), Budget(id: "spare"), Tag(id: "batch"), EndUser(id: "buyer")]
        return records.map { record in
            var record = record
            record.stamp = stamp
            return record
        }
    }

    private static func people() -> [any StoredRecord] {
        let roles: [String: UserRole] = [
            "ada": .proxyAdmin, "wim": .proxyAdminViewer, "ines": .internalUser, "vera": .internalUserViewer,
            "olaf": .internalUser, "mara": .internalUser,
        ]
        return roles.map { name, role in
            var user = User(id: name)
            user.role = role
            user.email = "\(name)@example.com"
            if ["ines", "vera", "mara"].contains(name) { user.organizationID = "acme" }
            return user
        }
    }

    private static func groups() -> [any StoredRecord] {
        var acme = Organization(id: "acme")
        acme.alias = "Acme"
        acme.members = [
            OrganizationMember(userID: "ines", role: .orgAdmin),
            OrganizationMember(userID: "vera", role: .internalUser),
            OrganizationMember(userID: "mara", role: .internalUser),
        ]
        var search = Team(id: "search")
        search.alias = "Search"
        search.organizationID = "acme"
        search.models = ["gpt-4o", "gpt-4o-mini"]
        search.members = [
            TeamMember(userID: "ines", role: .admin), TeamMember(userID: "vera", role: .user),
            TeamMember(userID: "mara", role: .user),
        ]
        var other = Team(id: "other")
        other.alias = "Other"
        return [acme, search, other, Organization(id: "globex")]
    }

    private static func keys() -> [any StoredRecord] {
        var keys = self.users.map { name in
            var key = VirtualKey(hash: self.hash(name), name: "sk-...0000")
            key.userID = name
            key.alias = "\(name)s"
            return key
        }
        keys.append(VirtualKey(hash: self.hash("nobody"), name: "sk-...0000"))
        var shared = VirtualKey(hash: self.hash("search"), name: "sk-...0000")
        shared.teamID = "search"
        shared.organizationID = "acme"
        keys.append(shared)
        return keys
    }
}

extension ManagementCaller {
    static let master = ManagementCaller(credential: .master, userID: "default_user_id", role: .proxyAdmin)

    static func user(_ name: String, _ role: UserRole?) -> ManagementCaller {
        ManagementCaller(credential: .key(World.hash(name)), userID: name, role: role)
    }

    static let ada = user("ada", .proxyAdmin)
    static let wim = user("wim", .proxyAdminViewer)
    static let ines = user("ines", .internalUser)
    static let vera = user("vera", .internalUserViewer)
    static let olaf = user("olaf", .internalUser)
    static let mara = user("mara", .internalUser)

    /// The holder of a team's key that belongs to no user.
    static let keyOnly: ManagementCaller = {
        var caller = ManagementCaller(credential: .key(World.hash("nobody")), userID: nil, role: nil)
        caller.teamID = "search"
        return caller
    }()
}

extension Standing {
    /// Somebody of this standing.
    var caller: ManagementCaller? {
        switch self {
        case .nobody: nil
        case .unknown: .keyOnly
        case .internalViewer: .vera
        case .internalUser: .ines
        case .viewer: .wim
        case .admin: .ada
        case .master: .master
        }
    }
}

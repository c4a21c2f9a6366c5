import Domain

/// Narrows questions about spend to what the caller may see.
struct SpendScope: Sendable {
    let desk: Desk
    let authority: Authority

    init(_ desk: Desk, _ call: ManagementCall) {
        self.desk = desk
        self.authority = Authority(desk, call)
    }

    /// Calls of the caller's own, of teams that the caller is an admin of, of organizations likewise; all for proxy
    /// admins and viewers.
    ///
    /// - Throws: 403 for somebody else's.
    func narrow(_ query: inout CallQuery) async throws(GatewayError) {
        if self.authority.seesAll { return }
        if let id = query.teamID, let team = try await self.desk.find(Team.self, id)?.record,
            try await self.authority.mayChange(team)
        {
            return
        }
        if try await self.authority.isOrganizationAdmin(query.organizationID) { return }
        guard let userID = self.authority.userID else {
            guard let own = self.authority.ownKey, query.key == nil || query.key == own else {
                throw .forbidden("You can only see the spend of your own key.", param: "api_key")
            }
            query.key = own
            return
        }
        if let asked = query.userID, asked != userID { throw self.notYours(asked, userID) }
        query.userID = userID
    }

    /// The user whose spend is asked for; nil for everybody's, which admins and viewers may ask for.
    func user(_ asked: String?) async throws(GatewayError) -> String? {
        if self.authority.seesAll { return asked }
        guard let userID = self.authority.userID else { throw self.authority.onlyAdmin }
        guard let asked, asked != userID else { return userID }
        guard let user = try await self.desk.find(User.self, asked)?.record, try await self.authority.maySee(user)
        else {
            throw self.notYours(asked, userID)
        }
        return asked
    }

    private func notYours(_ asked: String, _ own: String) -> GatewayError {
        .forbidden(
            "You can only see your own spend. Got user_id=\(FieldValue.shown(asked)), Your ID=\(own)",
            param: "user_id"
        )
    }

    /// The keys of the caller: those of the user, and the one that was shown.
    func ownKeys() async throws(GatewayError) -> [VirtualKey] {
        var keys: [VirtualKey] = []
        if let userID = self.authority.userID { keys = try await self.desk.keys(ofUser: userID).map(\.record) }
        if let own = self.authority.ownKey, !keys.contains(where: { $0.hash == own }),
            let key = try await self.desk.find(VirtualKey.self, own.hex)?.record
        {
            keys.append(key)
        }
        return keys
    }

    /// The hashes of the keys that were asked for, each of which the caller may see; nil for all keys.
    func keys(_ asked: [String]) async throws(GatewayError) -> [String]? {
        let hashes = asked.map { Desk.hash(ofKey: $0) }
        if self.authority.seesAll { return hashes.isEmpty ? nil : hashes.map(\.hex) }
        if hashes.isEmpty { return try await self.ownKeys().map(\.hash.hex) }
        let records = try await self.desk.find(VirtualKey.self, ids: hashes.map(\.hex))
        for hash in hashes where hash != self.authority.ownKey {
            guard let key = records[hash.hex], try await self.authority.maySee(key) else {
                throw .forbidden("You are not allowed to see this key's spend.", param: "api_key")
            }
        }
        return hashes.map(\.hex)
    }
}

import Domain

// Of virtual keys there may be a hundred thousand, which a start waits for: read member by member, one takes a third of
// the time that it takes through `Decodable`. What is not known here makes the reader fall back to that, so a field
// that only `VirtualKey` knows is slow, never lost.

extension VirtualKey {
    /// Nil when the tape's document is not a key with only the members known here.
    init?(_ tape: DocumentTape) {
        guard let root = tape.nodes.first, root.kind == .object else { return nil }
        self.init(hash: KeyHash(words: (0, 0, 0, 0)), name: "")
        var required = 0
        let isKnown = tape.forEachMember(of: 0) { name, index in
            switch name {
            case "hash", "name", "models", "allowance", "stamp": required += 1
            default: break
            }
            return self.take(name, tape, index)
        }
        guard isKnown, required == 5 else { return nil }
    }

    private mutating func take(_ name: String, _ tape: DocumentTape, _ index: Int) -> Bool {
        switch name {
        case "hash": tape.take(&self.hash, index) { tape.text(at: $0).flatMap { KeyHash(hex: $0) } }
        case "name": tape.take(&self.name, index, tape.text(at:))
        case "alias": tape.take(&self.alias, index, tape.text(at:))
        case "userID": tape.take(&self.userID, index, tape.text(at:))
        case "teamID": tape.take(&self.teamID, index, tape.text(at:))
        case "organizationID": tape.take(&self.organizationID, index, tape.text(at:))
        case "budgetID": tape.take(&self.budgetID, index, tape.text(at:))
        case "models": tape.take(&self.models, index, tape.texts)
        case "tags": tape.take(&self.tags, index, tape.texts)
        case "allowedRoutes": tape.take(&self.allowedRoutes, index, tape.texts)
        case "metadata": tape.take(&self.metadata, index, tape.text(at:))
        case "expiresAt": tape.take(&self.expiresAt, index, tape.time)
        case "isBlocked": tape.take(&self.isBlocked, index, tape.flag)
        case "rotations": tape.take(&self.rotations, index, tape.count)
        case "replaces": tape.take(&self.replaces, index) { tape.text(at: $0).flatMap { KeyHash(hex: $0) } }
        case "lineage": tape.take(&self.lineage, index) { tape.text(at: $0).flatMap { KeyHash(hex: $0) } }
        case "allowance": tape.take(&self.allowance, index) { Allowance(tape, $0) }
        case "stamp": tape.take(&self.stamp, index) { RecordStamp(tape, $0) }
        case "aliases": tape.take(&self.aliases, index, tape.value)
        case "permissions": tape.take(&self.permissions, index, tape.value)
        default: false
        }
    }
}

extension Allowance {
    fileprivate init?(_ tape: DocumentTape, _ index: Int) {
        self.init()
        let isKnown = tape.forEachMember(of: index) { name, index in
            switch name {
            case "maxBudget": tape.take(&self.maxBudget, index) { tape.integer(at: $0).map(NanoDollars.init) }
            case "softBudget": tape.take(&self.softBudget, index) { tape.integer(at: $0).map(NanoDollars.init) }
            case "budgetPeriod": tape.take(&self.budgetPeriod, index) { tape.text(at: $0).flatMap(BudgetPeriod.init) }
            case "rpm": tape.take(&self.rpm, index, tape.count)
            case "tpm": tape.take(&self.tpm, index, tape.count)
            case "maxParallel": tape.take(&self.maxParallel, index, tape.count)
            case "resetAt": tape.take(&self.resetAt, index, tape.time)
            case "models": tape.take(&self.models, index, tape.value)
            case "windows": tape.take(&self.windows, index, tape.value)
            default: false
            }
        }
        guard isKnown else { return nil }
    }
}

extension RecordStamp {
    fileprivate init?(_ tape: DocumentTape, _ index: Int) {
        self.init()
        var times = 0
        let isKnown = tape.forEachMember(of: index) { name, index in
            switch name {
            case "createdAt":
                times += 1
                return tape.take(&self.createdAt, index, tape.time)
            case "updatedAt":
                times += 1
                return tape.take(&self.updatedAt, index, tape.time)
            case "createdBy": return tape.take(&self.createdBy, index, tape.text(at:))
            case "updatedBy": return tape.take(&self.updatedBy, index, tape.text(at:))
            default: return false
            }
        }
        guard isKnown, times == 2 else { return nil }
    }
}

extension DocumentTape {
    /// Hands on names and indexes of an object's members until `body` says false; false then, and for other values.
    fileprivate func forEachMember(of index: Int, _ body: (String, Int) -> Bool) -> Bool {
        let object = self.nodes[index]
        guard object.kind == .object else { return false }
        var name = index + 1
        for _ in 0..<object.count {
            guard body(self.text(self.nodes[name]), name + 1) else { return false }
            name = Int(self.nodes[name + 1].next)
        }
        return true
    }

    fileprivate func take<Value>(_ place: inout Value, _ index: Int, _ read: (Int) -> Value?) -> Bool {
        guard let value = read(index) else { return false }
        place = value
        return true
    }

    fileprivate func take<Value>(_ place: inout Value?, _ index: Int, _ read: (Int) -> Value?) -> Bool {
        guard let value = read(index) else { return false }
        place = value
        return true
    }

    fileprivate func text(at index: Int) -> String? {
        let node = self.nodes[index]
        return node.kind == .string ? self.text(node) : nil
    }

    fileprivate func integer(at index: Int) -> Int64? {
        let node = self.nodes[index]
        return node.kind == .number ? self.integer(node) : nil
    }

    fileprivate func count(_ index: Int) -> Int? { self.integer(at: index).map { Int($0) } }

    fileprivate func time(_ index: Int) -> WallTime? { self.integer(at: index).map(WallTime.init(milliseconds:)) }

    fileprivate func flag(_ index: Int) -> Bool? {
        switch self.nodes[index].kind {
        case .yes: true
        case .no: false
        default: nil
        }
    }

    fileprivate func texts(_ index: Int) -> [String]? {
        let array = self.nodes[index]
        guard array.kind == .array else { return nil }
        var texts: [String] = []
        texts.reserveCapacity(Int(array.count))
        var next = index + 1
        for _ in 0..<array.count {
            guard let text = self.text(at: next) else { return nil }
            texts.append(text)
            next = Int(self.nodes[next].next)
        }
        return texts
    }

    /// A value that is rare enough for `Decodable`.
    fileprivate func value<Value: Decodable>(_ index: Int) -> Value? {
        // A value that does not fit is reported by the slow reader, which tries again.
        try? Value(from: DocumentDecoder(tape: self, index: Int32(index)))
    }
}

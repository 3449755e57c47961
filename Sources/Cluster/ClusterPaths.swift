import Glibc
internal import Reactor

/// Where a private cluster has its files.
struct ClusterPaths {
    /// The directory that holds all of it, absolute.
    let root: String

    /// What the address of a Unix socket has room for, less `/.s.PGSQL.5432.lock`.
    private static let longestSocketDirectory = 90

    init(_ path: String) {
        var absolute = path
        if !path.hasPrefix("/") {
            var buffer = [CChar](repeating: 0, count: Int(PATH_MAX))
            let current = getcwd(&buffer, buffer.count).map { String(cString: $0) } ?? ""
            absolute = current + "/" + path
        }
        while absolute.count > 1 && absolute.hasSuffix("/") { absolute.removeLast() }
        root = absolute
    }

    /// PostgreSQL's data directory.
    var data: String { root + "/postgres" }
    /// Where it is made; it gets its name when it is complete.
    var unfinishedData: String { root + "/postgres.new" }
    /// What PostgreSQL has to say.
    var log: String { root + "/postgres.log" }
    /// Held by whoever starts or stops PostgreSQL.
    var lock: String { root + "/lock" }

    /// Where PostgreSQL's socket is: in `run`, or, as the path of a socket is limited, under /tmp.
    var sockets: String {
        let own = root + "/run"
        if own.utf8.count <= Self.longestSocketDirectory { return own }
        // FNV-1a: the same path gets the same name on every run.
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        for byte in root.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
        return "/tmp/rapport-" + String(hash, radix: 16)
    }

    /// The version of PostgreSQL that made the data; nil where there is none.
    var dataMajor: Int? {
        FileSystem.text(of: data + "/PG_VERSION", limit: 16)
            .flatMap { Int($0.prefix { $0.isNumber }) }
    }

    /// Makes the root.
    func makeRoot() throws(ClusterError) {
        // pg_ctl puts paths between double quotes into a shell's command.
        if let bad = root.first(where: { "\"$`\\\n".contains($0) }) {
            throw .unusableDirectory(
                root, reason: "PostgreSQL cannot work with \(bad.debugDescription)")
        }
        do throws(SystemError) {
            try FileSystem.makeDirectory(root, mode: 0o755)
        } catch {
            throw .unusableDirectory(root, reason: error.description)
        }
    }

    /// Sees to it that the owner gets there, which the directories above may not let it.
    func checkAccess(of owner: ServerOwner) throws(ClusterError) {
        guard owner.isOther else { return }
        let test = try owner.run(["test", "-x", root], seconds: 10)
        guard test.ending == .exited(0) else {
            throw .unusableDirectory(
                root,
                reason: "PostgreSQL does not run as root, and user \(owner.user), which it "
                    + "would run as, cannot enter this directory: choose another")
        }
    }

    /// Makes what the owner has in it, all the owner's.
    func prepare(for owner: ServerOwner) throws(ClusterError) {
        try makeSockets(for: owner)
        let raw = open(log, O_WRONLY | O_CREAT | O_APPEND | O_NOFOLLOW | O_CLOEXEC, 0o600)
        guard raw >= 0 else {
            throw .unusableDirectory(log, reason: SystemError("open").description)
        }
        close(raw)
        try owner.own(log)
    }

    /// Whoever may enter this directory is PostgreSQL's superuser.
    private func makeSockets(for owner: ServerOwner) throws(ClusterError) {
        if mkdir(sockets, 0o700) == 0 {
            try owner.own(sockets)
        } else if errno != EEXIST {
            throw .unusableDirectory(sockets, reason: SystemError("mkdir").description)
        }
        var status = stat()
        guard lstat(sockets, &status) == 0, status.st_mode & S_IFMT == S_IFDIR,
            status.st_uid == owner.user, status.st_mode & 0o077 == 0
        else {
            throw .unusableDirectory(
                sockets, reason: "must be a directory that only user \(owner.user) can enter")
        }
    }
}

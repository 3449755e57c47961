import Glibc
internal import Reactor

/// The server process that a data directory names in its `postmaster.pid`.
struct Postmaster: Equatable {
    let process: pid_t

    /// The one that is alive; nil where there is none.
    ///
    /// After a crash the file stays and its number may be somebody else's by now, so the process
    /// has to be a `postgres` that works in this directory, as far as we may see that.
    static func running(in data: String) -> Postmaster? {
        guard let process = process(in: data) else { return nil }
        // Where we are a container's first process, a killed server waits for us to take note.
        waitpid(process, nil, WNOHANG)
        guard kill(process, 0) == 0 || errno == EPERM, !isZombie(process) else { return nil }
        let entry = "/proc/" + String(process)
        if let name = FileSystem.text(of: entry + "/comm", limit: 64),
            name.split(whereSeparator: \.isNewline).first != "postgres"
        {
            return nil
        }
        if let place = realPath(entry + "/cwd"), let own = realPath(data), place != own {
            return nil
        }
        return Postmaster(process: process)
    }

    /// Removes the lock files of a server that was killed and that its parent has taken no note of
    /// yet: PostgreSQL takes it for alive and would not start.
    static func removeLocks(data: String, sockets: String) {
        guard let process = process(in: data), isZombie(process) else { return }
        unlink(data + "/postmaster.pid")
        unlink(sockets + "/.s.PGSQL.5432.lock")
    }

    private static func process(in data: String) -> pid_t? {
        guard let text = FileSystem.text(of: data + "/postmaster.pid"),
            let line = text.split(whereSeparator: \.isNewline).first, let process = pid_t(line),
            process > 0
        else { return nil }
        return process
    }

    /// The state stands after the name, which is in parentheses and may contain some (proc(5)).
    private static func isZombie(_ process: pid_t) -> Bool {
        guard let status = FileSystem.text(of: "/proc/" + String(process) + "/stat", limit: 512),
            let end = status.lastIndex(of: ")")
        else { return false }
        return status[end...].dropFirst().first { $0 != " " } == "Z"
    }

    private static func realPath(_ path: String) -> String? {
        guard let resolved = realpath(path, nil) else { return nil }
        defer { free(resolved) }
        return String(cString: resolved)
    }
}

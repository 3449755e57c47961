import Glibc
internal import Reactor

/// Whom the server's processes and files belong to.
///
/// PostgreSQL refuses to run as root. Where root calls, it runs as the owner of the data that is
/// there, else as `postgres`, else as `nobody`.
struct ServerOwner {
    let user: uid_t
    let group: gid_t
    /// Whether we have to become somebody else.
    let isOther: Bool

    init(of data: String) throws(ClusterError) {
        let caller = geteuid()
        var status = stat()
        let exists = stat(data, &status) == 0
        guard caller == 0 else {
            if exists && status.st_uid != caller {
                throw .unusableDirectory(data, reason: "belongs to another user")
            }
            user = caller
            group = getegid()
            isOther = false
            return
        }
        isOther = true
        if exists && status.st_uid != 0 {
            user = status.st_uid
            group = status.st_gid
        } else if let entry = getpwnam("postgres") ?? getpwnam("nobody") {
            user = entry.pointee.pw_uid
            group = entry.pointee.pw_gid
        } else {
            throw .unusableDirectory(data, reason: "there is no user postgres or nobody to own it")
        }
    }

    /// Runs a program as the owner, with little of our environment, at the root directory: the
    /// owner may not be allowed to enter ours.
    func run(
        _ arguments: [String], seconds: Int64
    ) throws(ClusterError) -> ChildProcess.Outcome {
        var words = arguments
        if isOther {
            words =
                [
                    "setpriv", "--reuid=" + String(user), "--regid=" + String(group),
                    "--clear-groups", "--",
                ] + arguments
        }
        let path = getenv("PATH").map { String(cString: $0) } ?? "/usr/bin:/bin"
        let outcome = ChildProcess(
            words, environment: ["PATH=" + path, "LC_ALL=C"], directory: "/",
            timeLimitMilliseconds: seconds * 1000
        ).run()
        if outcome.ending == .notFound {
            let package = isOther ? "util-linux" : "postgresql"
            throw .toolNotFound(words[0], package: package)
        }
        return outcome
    }

    /// Makes a file or directory the owner's.
    func own(_ path: String) throws(ClusterError) {
        guard isOther else { return }
        guard lchown(path, user, group) == 0 else {
            throw .unusableDirectory(path, reason: SystemError("chown").description)
        }
    }
}

extension ChildProcess.Outcome {
    /// Why it failed, on one line.
    var reason: String {
        if let line = lastErrorLine { return line }
        switch ending {
        case .exited(let status): return "exit status \(status)"
        case .killed(let signal): return "ended by signal \(signal)"
        case .timedOut: return "not done in time"
        case .cancelled: return "interrupted"
        case .notFound: return "not found"
        case .notStarted(let error): return error.description
        }
    }
}

/// Why the private PostgreSQL cannot be used; its description is one line.
public enum ClusterError: Error, Equatable, Sendable, CustomStringConvertible {
    /// PostgreSQL's server programs are not installed, or are too old.
    case programsNotFound
    /// There are no server programs of this major version in the directory that was named.
    case programsNotIn(String)
    /// The data is of a major version whose programs are not installed.
    case programsOfOtherVersion(data: Int)
    /// A program of the system is missing.
    case toolNotFound(String, package: String)
    /// The data directory cannot be used.
    case unusableDirectory(String, reason: String)
    /// Another process has been starting or stopping the same cluster for too long.
    case busy(String)
    /// `initdb` failed.
    case notInitialised(String)
    /// PostgreSQL did not start.
    case notStarted(String, log: String)
    /// PostgreSQL did not stop.
    case notStopped(String)
    /// PostgreSQL runs but refuses what it was asked.
    case refused(String)

    /// One line that can be shown as it is.
    public var description: String {
        switch self {
        case .programsNotFound:
            "PostgreSQL \(ServerPrograms.oldestMajor) or newer is not installed: install the "
                + "package postgresql, or set DATABASE_URL or RAPPORT_PG_BIN"
        case .programsNotIn(let directory):
            "RAPPORT_PG_BIN: no initdb, pg_ctl and postgres, \(ServerPrograms.oldestMajor) or "
                + "newer, in " + directory
        case .programsOfOtherVersion(let major):
            "RAPPORT_DATA holds data of PostgreSQL \(major): install the package postgresql-\(major)"
        case .toolNotFound(let tool, let package):
            tool + " is not installed: install the package " + package
        case .unusableDirectory(let path, let reason): "RAPPORT_DATA: " + path + ": " + reason
        case .busy(let path):
            "RAPPORT_DATA: " + path + ": another process has been busy with it for too long"
        case .notInitialised(let reason): "initdb failed: " + reason
        case .notStarted(let reason, let log):
            "PostgreSQL does not start: " + reason + " (see " + log + ")"
        case .notStopped(let reason): "PostgreSQL does not stop: " + reason
        case .refused(let reason): "the private PostgreSQL: " + reason
        }
    }
}

import Glibc
internal import Reactor

/// Keeps other processes from starting or stopping the same cluster, as long as it exists.
struct ClusterLock: ~Copyable {
    private let file: Descriptor

    private static let patienceMilliseconds: Int64 = 120_000

    /// Takes the lock, waiting for whoever has it.
    init(_ paths: ClusterPaths) throws(ClusterError) {
        let raw = open(paths.lock, O_RDONLY | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0o644)
        guard raw >= 0 else {
            throw .unusableDirectory(paths.lock, reason: SystemError("open").description)
        }
        do throws(ClusterError) {
            try Self.wait(for: raw, paths)
        } catch {
            close(raw)
            throw error
        }
        file = Descriptor(owning: raw)
    }

    private static func wait(for raw: Int32, _ paths: ClusterPaths) throws(ClusterError) {
        let deadline = MonotonicClock.milliseconds() + patienceMilliseconds
        while flock(raw, LOCK_EX | LOCK_NB) != 0 {
            guard errno == EWOULDBLOCK || errno == EINTR else {
                throw .unusableDirectory(paths.lock, reason: SystemError("flock").description)
            }
            guard MonotonicClock.milliseconds() < deadline else { throw .busy(paths.root) }
            usleep(50_000)
        }
    }
}

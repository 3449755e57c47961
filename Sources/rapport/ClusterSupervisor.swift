internal import Cluster
internal import Reactor

/// Starts the private cluster again when it has died, as long as the server runs.
final class ClusterSupervisor: Sendable {
    private struct State {
        var hasStopped = false
        /// Whether the running cluster is this process's work, and so ends with it.
        var startedCluster: Bool
        var thread: ThreadHandle?
    }

    private let configuration: Configuration
    private let state: Lock<State>

    private static let interval = 1000

    init(_ configuration: Configuration, startedCluster: Bool) {
        self.configuration = configuration
        state = Lock(State(startedCluster: startedCluster))
    }

    /// Starts to look after the cluster.
    func start() {
        let thread = startThread("cluster") { [self] in
            let cluster = PrivateCluster(configuration)
            while !isStopped {
                if !cluster.isRunning { revive(cluster) }
                state.wait(milliseconds: Self.interval) { state in !state.hasStopped }
            }
        }
        state.withLock { state in state.thread = thread }
    }

    /// Ends that, and the cluster too, if this process started it.
    func stop() {
        let thread = state.withLock { state in
            state.hasStopped = true
            return state.thread
        }
        state.signal()
        thread?.join()
        guard state.withLock({ state in state.startedCluster }) else { return }
        do throws(ClusterError) {
            try PrivateCluster(configuration).stop()
        } catch {
            Log.error("the private cluster was not stopped", ["reason": error.description])
        }
    }

    private var isStopped: Bool { state.withLock { state in state.hasStopped } }

    private func revive(_ cluster: PrivateCluster) {
        Log.warning("the private cluster has died; it is started again")
        do throws(ClusterError) {
            let startedCluster = try cluster.ensureRunning()
            if startedCluster { state.withLock { state in state.startedCluster = true } }
        } catch {
            Log.error("the private cluster does not start", ["reason": error.description])
        }
    }
}

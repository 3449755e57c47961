internal import Postgres
public import Reactor

/// The HTTP server: loops that serve, a watcher that keeps their routes up to date.
public final class Server: Sendable {
    /// Why the server does not start.
    public enum StartError: Error, Equatable, Sendable, CustomStringConvertible {
        /// The address cannot be listened at.
        case address(String)
        /// The database does not answer, or has no registry.
        case database(String)

        /// One line for the operator.
        public var description: String {
            switch self {
            case .address(let reason): reason
            case .database(let reason): "database: " + reason
            }
        }
    }

    private struct Threads {
        var loops: [ThreadHandle] = []
        var watcher: ThreadHandle?
        var canceller: ThreadHandle?
        var log: ThreadHandle?
    }

    private let settings: GatewaySettings
    private let state: GatewayState
    private let catalogue = Catalogue()
    private let mailboxes: [Mailbox<Worker.Message>]
    private let watcher: RegistryWatcher
    private let canceller = Canceller()
    private let logWriter = LogWriter()
    private let threads = Lock(Threads())
    private let boundPort = Lock<UInt16>(0)

    /// Creates a server; `start()` makes it serve.
    public init(_ settings: GatewaySettings) throws(SystemError) {
        self.settings = settings
        state = GatewayState(loops: settings.loops)
        var mailboxes: [Mailbox<Worker.Message>] = []
        for _ in 0..<settings.loops { mailboxes.append(try Mailbox()) }
        self.mailboxes = mailboxes
        watcher = RegistryWatcher(
            settings: settings, state: state, catalogue: catalogue, mailboxes: mailboxes)
    }

    /// The port that is listened at, once started.
    public var port: UInt16 { boundPort.withLock { port in port } }

    /// Reads the registry, listens and serves; returns at once.
    public func start() throws(StartError) {
        let table: RouteTable
        do throws(PostgresError) {
            let connection = try BlockingConnection(settings.database)
            let health = try RegistryWatcher.health(from: connection)
            state.update { known in known = health }
            table = try RouteTable.load(from: connection, catalogue: catalogue)
        } catch {
            throw .database(error.message)
        }
        let listeners = try listen()
        threads.withLock { threads in
            threads.log = logWriter.start()
            threads.canceller = canceller.start()
            threads.watcher = watcher.start()
            for (index, raw) in listeners.enumerated() {
                threads.loops.append(startLoop(index, listener: raw, table: table))
            }
        }
    }

    /// Stops taking requests, lets those under way end, and returns when all is done.
    public func stop() {
        for mailbox in mailboxes { mailbox.post(.stop) }
        let threads = threads.withLock { threads in threads }
        for loop in threads.loops { loop.join() }
        watcher.stop()
        canceller.stop()
        logWriter.stop()
        threads.watcher?.join()
        threads.canceller?.join()
        threads.log?.join()
    }

    private func startLoop(_ index: Int, listener raw: Int32, table: RouteTable) -> ThreadHandle {
        let mailbox = mailboxes[index]
        let (settings, state, catalogue) = (settings, state, catalogue)
        let (logWriter, canceller) = (logWriter, canceller)
        return startThread("loop") {
            scheduleInBatches()
            do throws(SystemError) {
                let worker = try Worker(
                    index: index, settings: settings, listener: raw, table: table, state: state,
                    catalogue: catalogue, logWriter: logWriter, canceller: canceller)
                worker.run(mailbox)
            } catch {
                Log.error("a loop could not start", ["reason": error.description])
            }
        }
    }

    /// One listener a loop, all on one port: the system spreads the connections over them.
    private func listen() throws(StartError) -> [Int32] {
        let (host, port) = (settings.host, settings.port)
        if Socket.isTaken(host: host, port: port) {
            throw .address(host + ":" + String(port) + " is in use by another program")
        }
        var listeners: [Int32] = []
        do throws(SystemError) {
            var bound = port
            for _ in 0..<settings.loops {
                let listener = try Socket.listen(host: host, port: bound)
                bound = Socket.port(of: listener)
                listeners.append(listener.giveAway())
            }
            boundPort.withLock { port in port = bound }
        } catch {
            for raw in listeners { _ = Descriptor(owning: raw) }
            throw .address(error.description)
        }
        return listeners
    }
}

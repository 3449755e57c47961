public import HTTP1
public import Postgres

/// Everything that the gateway is told by its operator.
public struct GatewaySettings: Sendable {
    /// The address to listen at.
    public var host = "127.0.0.1"
    /// The port to listen at; 0 lets the system choose.
    public var port: UInt16 = 8080
    /// How many event loops, each with a thread, a listener and connections of its own.
    public var loops = 1
    /// Whose `X-Forwarded-For` counts.
    public var proxies = KnownProxies()
    /// Where the database is; requests run as its `role`.
    public var database: ConnectionSettings
    /// Connections, pipelines and queues of each loop.
    public var pool = Pool.Sizes()
    /// Limits of the HTTP codec; the routes' own limits for bodies are below its `bodyBytes`.
    public var limits = Limits()
    /// Milliseconds that the head of a request may take.
    public var headTimeout: Int64 = 10_000
    /// Milliseconds that the body of a request may take.
    public var bodyTimeout: Int64 = 60_000
    /// Milliseconds that a connection may wait for its next request.
    public var idleTimeout: Int64 = 75_000
    /// Milliseconds that requests under way have to end after `stop()`.
    public var shutdownTimeout: Int64 = 20_000
    /// The number of the last migration that the server was built for.
    public var schemaVersion = 0
    /// What `/metrics` calls the version of this build.
    public var version = "unknown"

    /// Creates default settings for a database.
    public init(database: ConnectionSettings) {
        self.database = database
    }
}

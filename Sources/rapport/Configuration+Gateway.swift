internal import Gateway
internal import HTTP1
internal import Postgres

extension Configuration {
    /// How requests and workers connect.
    func connection(to url: String) -> ConnectionSettings {
        ConnectionSettings(
            url, role: "rapport_api",
            startOptions: [
                ("rapport.public_url", publicURL),
                ("rapport.cookie_secure", isCookieSecure ? "on" : "off"),
                // Each call has its own limit, which we enforce; this one is for a server that died.
                ("statement_timeout", "120s"),
            ])
    }

    /// What the gateway is told.
    func gateway(_ database: ConnectionSettings, schemaVersion: Int) -> GatewaySettings {
        var settings = GatewaySettings(database: database)
        settings.host = host
        settings.port = port
        settings.proxies = proxies
        settings.loops = loops
        // The settings count connections in all; each loop has its own.
        settings.pool.fastConnections = (connections + loops - 1) / loops
        settings.pool.slowConnections = (slowConnections + loops - 1) / loops
        settings.pool.pipelineDepth = pipelineDepth
        settings.pool.queueLimit = queueLimit
        settings.limits.bodyBytes = bodyLimit
        settings.headTimeout = Int64(headerTimeout) * 1000
        settings.bodyTimeout = Int64(bodyTimeout) * 1000
        settings.idleTimeout = Int64(idleTimeout) * 1000
        settings.shutdownTimeout = Int64(shutdownTimeout) * 1000
        settings.schemaVersion = schemaVersion
        settings.version = Program.version
        return settings
    }
}

import Glibc
internal import Cluster
internal import Gateway
internal import Jobs
internal import Migrations
internal import Postgres
internal import Reactor

/// `rapport serve`
enum Serve {
    static func run(_ configuration: Configuration) throws(Failure) {
        // A reader of our output that goes away is no reason to end.
        signal(SIGPIPE, SIG_IGN)
        try MailFolder.prepare(configuration)
        // Making a cluster takes a while, in which a signal ends us as it would any program.
        let database = try Database(configuration)
        // Before any thread is there: each inherits what is blocked.
        StopSignals.block()
        let supervisor = database.cluster.map { _ in
            ClusterSupervisor(configuration, startedCluster: database.startedCluster)
        }
        // After everything that uses the cluster has ended.
        defer { supervisor?.stop() }
        try check(database.migrator)
        let settings = configuration.connection(to: database.url)
        let server: Server
        do {
            server = try Server(
                configuration.gateway(settings, schemaVersion: database.migrator.schemaVersion))
            try server.start()
        } catch {
            throw Failure("\(error)")
        }
        supervisor?.start()
        let workers = Workers(settings, configuration.mail)
        Log.info(
            "serving",
            [
                "url": configuration.publicURL, "host": configuration.host,
                "port": String(server.port), "version": Program.version,
            ])

        let name = StopSignals.wait()
        Log.info("stopping", ["signal": name])
        StopSignals.endAtOnce(onNextOrAfterSeconds: configuration.shutdownTimeout + 5)
        workers.stop()
        server.stop()
        workers.join()
        Log.info("stopped")
    }

    /// A server and a database that were not made for each other would answer nonsense.
    private static func check(_ migrator: Migrator) throws(Failure) {
        let plan: Plan
        do throws(MigrationError) {
            plan = try migrator.plan()
        } catch {
            if case .database(let cause) = error, cause.sqlstate == "42501" {
                // Who may only serve cannot look; /readyz tells.
                Log.debug("the state of the schema cannot be read", ["reason": cause.message])
                return
            }
            throw Failure(error)
        }
        switch plan {
        case .nothing: return
        case .apply:
            throw Failure("the database is not what this program needs: run rapport migrate")
        case .refuse(let refusal): throw Failure(refusal.description)
        }
    }
}

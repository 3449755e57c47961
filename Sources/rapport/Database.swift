internal import Cluster
internal import Jobs
internal import Migrations
internal import Postgres

/// The database that a command works with: the operator's, or that of a private cluster.
struct Database {
    /// How it is reached.
    let url: String
    /// The private cluster; nil where the operator named a database.
    let cluster: PrivateCluster?
    /// Whether this process started the cluster.
    let startedCluster: Bool

    /// Finds the database, making and starting the private cluster where there is no other.
    init(_ configuration: Configuration) throws(Failure) {
        if let url = configuration.databaseURL {
            self.url = url
            cluster = nil
            startedCluster = false
            return
        }
        let cluster = PrivateCluster(configuration)
        do throws(ClusterError) {
            startedCluster = try cluster.ensureRunning()
        } catch {
            throw Failure(error.description)
        }
        url = cluster.url
        self.cluster = cluster
    }

    /// What brings it up to date.
    var migrator: Migrator { Migrator(ConnectionSettings(url), version: Program.version) }

    /// A connection that may do what the owner of everything may.
    func connectAsOwner() throws(Failure) -> BlockingConnection {
        do throws(PostgresError) {
            let connection = try BlockingConnection(ConnectionSettings(url))
            try connection.execute("SET ROLE rapport_owner")
            return connection
        } catch {
            throw Failure(error)
        }
    }
}

extension PrivateCluster {
    convenience init(_ configuration: Configuration) {
        self.init(
            dataDirectory: configuration.dataFolder, binaries: configuration.serverPrograms)
    }
}

extension Failure {
    init(_ message: String) { self.init(message: message) }

    /// A statement that failed; often because what it calls is not there yet.
    init(_ error: PostgresError) {
        let unmigrated = ["22023", "3F000", "42883", "42P01"]
        if let code = error.sqlstate, unmigrated.contains(code) {
            self.init("the database lacks what this needs: run rapport migrate (\(error))")
        } else {
            self.init(error.description)
        }
    }

    init(_ error: MigrationError) { self.init(error.description) }
}

internal import Migrations

/// `rapport status`
enum Status {
    static func run(_ configuration: Configuration) throws(Failure) {
        let migrator = try Database(configuration).migrator
        do throws(MigrationError) {
            print(try migrator.status().lines.joined(separator: "\n"))
        } catch {
            throw Failure(error)
        }
    }
}

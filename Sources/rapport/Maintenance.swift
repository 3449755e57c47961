internal import Postgres

/// `rapport maintenance on|off`
enum Maintenance {
    static func run(_ configuration: Configuration, isOn: Bool) throws(Failure) {
        let connection = try Database(configuration).connectAsOwner()
        do throws(PostgresError) {
            let answer = try connection.query(
                "SELECT ops.set_maintenance($1)", [isOn ? "true" : "false"])
            let word = isOn ? "on" : "off"
            let hasChanged = answer.rows.first?.first == "t"
            print(hasChanged ? "maintenance is " + word : "maintenance was " + word + " already")
        } catch {
            throw Failure(error)
        }
    }
}

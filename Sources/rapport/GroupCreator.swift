import Glibc
internal import Postgres

/// `rapport group-creator EMAIL`
enum GroupCreator {
    static func run(_ configuration: Configuration, email: String) throws(Failure) {
        let connection = try Database(configuration).connectAsOwner()
        let password = readPassword()
        do throws(PostgresError) {
            let answer = try connection.query(
                "SELECT ops.make_group_creator($1, $2)", [email, password])
            print((answer.rows.first?.first ?? nil) ?? "")
        } catch {
            throw Failure(error)
        }
    }

    /// The first line of standard input; not shown where it is typed.
    private static func readPassword() -> String? {
        guard isatty(0) == 1 else { return readLine() }
        var shown = termios()
        tcgetattr(0, &shown)
        var hidden = shown
        hidden.c_lflag &= ~tcflag_t(ECHO)
        tcsetattr(0, TCSAFLUSH, &hidden)
        defer { tcsetattr(0, TCSAFLUSH, &shown) }
        let prompt = Array("Password: ".utf8)
        _ = write(2, prompt, prompt.count)
        let password = readLine()
        _ = write(2, "\n", 1)
        return password
    }
}

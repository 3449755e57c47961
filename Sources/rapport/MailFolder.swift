import Glibc
internal import Jobs
internal import Reactor

/// The folder that mail is delivered into.
enum MailFolder {
    /// Makes it where it is missing, so that a wrong setting shows at the start.
    static func prepare(_ configuration: Configuration) throws(Failure) {
        guard case .directory(let path) = configuration.mail else { return }
        if path == configuration.dataFolder + "/mail" {
            do throws(SystemError) {
                try FileSystem.makeDirectory(configuration.dataFolder, mode: 0o755)
            } catch {
                throw Failure(message: "RAPPORT_DATA: \(error)", status: 2)
            }
        }
        // Not the folders above it: a mistyped path is more likely than a missing one.
        if mkdir(path, 0o700) != 0 && errno != EEXIST {
            throw Failure(message: "MAIL_DIR cannot be made: \(SystemError(path))", status: 2)
        }
        guard FileSystem.isDirectory(path), access(path, W_OK | X_OK) == 0 else {
            throw Failure(message: "MAIL_DIR cannot be written: \(path)", status: 2)
        }
    }
}

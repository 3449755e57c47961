internal import Migrations

/// `rapport migrate [--dry-run]`
enum Migrate {
    static func run(_ configuration: Configuration, isDryRun: Bool) throws(Failure) {
        let migrator = try Database(configuration).migrator
        let plan: Plan
        do throws(MigrationError) {
            plan = isDryRun ? try migrator.plan() : try migrator.migrate()
        } catch {
            throw Failure(error)
        }
        switch plan {
        case .nothing: print("nothing to do")
        case .refuse(let refusal): throw Failure(refusal.description)
        case .apply(let names):
            let (apply, build) = isDryRun ? ("would apply", "would build") : ("applied", "built")
            for name in names { print(apply + " " + name) }
            print("\(build) the code (\(migrator.codeFileCount) files)")
        }
    }
}

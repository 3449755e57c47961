/// The program's commands other than `serve`.
enum Command {
    /// Runs `rapport` with arguments against a database.
    static func run(
        _ arguments: [String], on database: TestDatabase? = nil,
        variables: [String: String] = [:], input: String? = nil
    ) throws -> ChildProcess.Outcome {
        var own = ["PORT": "\(Ports.free())"]
        if let database { own["DATABASE_URL"] = database.url }
        own.merge(variables) { _, given in given }
        let outcome = try ChildProcess.run(
            TestSettings.binary(), arguments,
            environment: TestSettings.environment(adding: own), input: input)
        Transcript.log(outcome.output + outcome.errorOutput)
        return outcome
    }
}

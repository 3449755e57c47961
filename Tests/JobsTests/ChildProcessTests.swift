import Foundation
import Reactor
import Testing

@Suite("Child process")
struct ChildProcessTests {
    private func run(
        _ words: String..., input: [UInt8] = [], milliseconds: Int64 = 20_000
    ) -> ChildProcess.Outcome {
        ChildProcess(words, input: input, timeLimitMilliseconds: milliseconds).run()
    }

    private func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }

    @Test("Exit status, output and standard error come back")
    func outcome() {
        let outcome = run("sh", "-c", "echo out; echo one >&2; echo two >&2; exit 3")
        #expect(outcome.ending == .exited(3))
        #expect(text(outcome.output) == "out\n")
        #expect(text(outcome.errors) == "one\ntwo\n")
        #expect(outcome.lastErrorLine == "two")
    }

    @Test("Arguments arrive as they are: no shell looks at them")
    func arguments() {
        let words = ["", "a b", "$HOME", "*", "'\"\\", "ü"]
        let outcome = ChildProcess(["printf", "%s|"] + words, timeLimitMilliseconds: 5000).run()
        #expect(text(outcome.output) == words.map { $0 + "|" }.joined())
    }

    @Test("The environment is the one given, or ours")
    func environment() {
        var child = ChildProcess(["/usr/bin/env"], timeLimitMilliseconds: 5000)
        #expect(text(child.run().output).contains("PATH="))
        child.environment = ["ONLY=this one"]
        #expect(text(child.run().output) == "ONLY=this one\n")
    }

    @Test("It runs where it is told to")
    func directory() {
        var child = ChildProcess(["pwd"], timeLimitMilliseconds: 5000)
        child.directory = "/usr"
        #expect(text(child.run().output) == "/usr\n")
    }

    @Test("A program that is not there is told from one that fails")
    func missing() {
        #expect(run("/nowhere/program").ending == .notFound)
        #expect(run("no-such-program-anywhere").ending == .notFound)
        guard case .notStarted(let error) = run("/etc/passwd").ending else {
            Issue.record("a file that is no program was started")
            return
        }
        #expect(error.code == EACCES)
    }

    @Test("More input and output than pipes hold go through at once")
    func large() {
        let input = [UInt8](repeating: UInt8(ascii: "x"), count: 4_000_000)
        let outcome = run(
            "sh", "-c", "tee /dev/stderr | wc -c; cat /dev/zero | head -c 1000000", input: input)
        #expect(outcome.ending == .exited(0))
        #expect(text(Array(outcome.output.prefix(8))) == "4000000\n")
        #expect(outcome.output.count == ChildProcess.outputLimit)
        #expect(outcome.errors == [UInt8](input.prefix(ChildProcess.outputLimit)))
    }

    @Test("Output up to the limit is kept whole, and one byte more is dropped")
    func bounds() {
        let limit = ChildProcess.outputLimit
        for (printed, kept) in [(limit, limit), (limit + 1, limit), (10 * limit, limit)] {
            let outcome = run("head", "-c", String(printed), "/dev/zero")
            #expect(outcome.ending == .exited(0))
            #expect(outcome.output.count == kept)
        }
    }

    @Test("A program that reads nothing of its input is no error, and no signal to us")
    func unread() {
        let input = [UInt8](repeating: 0, count: 1_000_000)
        for _ in 0..<20 { #expect(run("true", input: input).ending == .exited(0)) }
    }

    @Test("The time limit kills a program that ignores signals, and what it started")
    func timeLimit() {
        let began = MonotonicClock.milliseconds()
        let outcome = run(
            "sh", "-c", "trap '' TERM INT HUP; sleep 60 & echo $!; while :; do sleep 1; done",
            milliseconds: 300)
        #expect(outcome.ending == .timedOut)
        #expect(MonotonicClock.milliseconds() - began < 5000)
        let other = pid_t(text(outcome.output).dropLast()) ?? 0
        #expect(other > 0)
        #expect(isGone(other))
    }

    @Test("A cancelled program is killed soon")
    func cancelled() {
        let began = MonotonicClock.milliseconds()
        let outcome = ChildProcess(["sleep", "60"], timeLimitMilliseconds: 30_000).run {
            MonotonicClock.milliseconds() - began > 100
        }
        #expect(outcome.ending == .cancelled)
        #expect(MonotonicClock.milliseconds() - began < 5000)
    }

    @Test("What a program left behind, holding its output open, is not waited for")
    func leftBehind() {
        let began = MonotonicClock.milliseconds()
        let outcome = run("sh", "-c", "echo done; sleep 8 &")
        #expect(outcome.ending == .exited(0))
        #expect(text(outcome.output) == "done\n")
        #expect(MonotonicClock.milliseconds() - began < 5000)
    }

    @Test("A signal is told as such")
    func killed() {
        #expect(run("sh", "-c", "kill -SEGV $$").ending == .killed(signal: SIGSEGV))
    }

    @Test("It has the default signal actions, no blocked signal, and a process group of its own")
    func signals() throws {
        signal(SIGUSR2, SIG_IGN)
        let outcome = run(
            "sh", "-c", "sed -nE 's/Sig(Blk|Ign)://p' /proc/self/status; ps -o pgid= -p $$; echo $$"
        )
        let lines = text(outcome.output).split(separator: "\n").map { line in
            line.trimmingCharacters(in: .whitespaces)
        }
        try #require(lines.count == 4)
        // glibc keeps two signals, 32 and 33, for itself.
        for mask in lines.prefix(2) {
            #expect(try #require(UInt64(mask, radix: 16)) & ~(3 << 31) == 0, "\(lines)")
        }
        #expect(lines[2] == lines[3])
    }

    @Test(
        "It inherits no descriptor but the three standard ones, even one that is not close-on-exec")
    func descriptors() {
        let leak = open("/dev/null", O_RDONLY)
        defer { close(leak) }
        let outcome = run("sh", "-c", "ls /proc/$$/fd")
        #expect(text(outcome.output) == "0\n1\n2\n")
    }

    @Test("Many at once, from many threads, keep apart and leave no descriptor behind")
    func parallel() async {
        func openDescriptors() -> Int {
            (try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd"))?.count ?? 0
        }
        let before = openDescriptors()
        let failures = Lock<[String]>([])
        let threads = (0..<12).map { number in
            startThread("child-test") {
                for round in 0..<10 {
                    let input = Array(String(repeating: "\(number).\(round) ", count: 9000).utf8)
                    let outcome = ChildProcess(
                        ["cat"], input: input, timeLimitMilliseconds: 30_000
                    ).run()
                    let expected = [UInt8](input.prefix(ChildProcess.outputLimit))
                    if outcome.ending != .exited(0) || outcome.output != expected {
                        failures.withLock { $0.append("\(number).\(round): \(outcome.ending)") }
                    }
                }
            }
        }
        for thread in threads { thread.join() }
        #expect(failures.withLock { $0 } == [])
        // Other tests run beside this one and have some open.
        #expect(openDescriptors() < before + 60)
    }

    private func isGone(_ process: pid_t) -> Bool {
        for _ in 0..<100 {
            // A zombie that its new parent has not taken note of yet is gone, too.
            let status = try? String(contentsOfFile: "/proc/\(process)/stat", encoding: .utf8)
            guard let status, !status.contains(") Z ") else { return true }
            usleep(20_000)
        }
        return false
    }
}

import Jobs
import Testing

@Suite("Shell words")
struct ShellWordsTests {
    @Test(
        "A command line falls into its words",
        arguments: [
            ("sendmail", ["sendmail"]),
            ("  sendmail\t-t \n -oi  ", ["sendmail", "-t", "-oi"]),
            ("a 'b c' d", ["a", "b c", "d"]),
            ("a \"b c\" d", ["a", "b c", "d"]),
            ("a '' \"\"", ["a", "", ""]),
            ("a'b'\"c\"d", ["abcd"]),
            (#"a\ b c\\d \'e\'"#, ["a b", #"c\d"#, "'e'"]),
            (#"a 'b\c' 'd"e'"#, ["a", #"b\c"#, "d\"e"]),
            (#"a "b\"c\\d\$e\`f\g'h""#, ["a", #"b"c\d$e`f\g'h"#]),
            ("a $HOME * ~ ; | > x", ["a", "$HOME", "*", "~", ";", "|", ">", "x"]),
            ("'/opt/my mail/ü' -x", ["/opt/my mail/ü", "-x"]),
        ])
    func good(line: String, expected: [String]) throws {
        #expect(try ShellWords.words(line) == expected)
    }

    @Test(
        "A command line that is not finished, or names nothing, is refused",
        arguments: [
            ("", JobsError.noProgram), (" \t", .noProgram), ("'' a", .noProgram),
            ("a 'b", .unclosedQuote("'")), ("a \"b", .unclosedQuote("\"")),
            (#"a "b\"#, .unclosedQuote("\"")), (#"a "b\""#, .unclosedQuote("\"")),
            (#"a b\"#, .danglingBackslash),
        ])
    func bad(line: String, expected: JobsError) {
        #expect(throws: expected) { try ShellWords.words(line) }
    }
}

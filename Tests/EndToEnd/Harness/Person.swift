import Foundation
import Synchronization

/// Somebody with an account, made through the published contract as an app would.
struct Person: Sendable {
    /// The e-mail address, of this person alone.
    let email: String
    /// The password as registered, good in every contract, and like nothing else in the tests.
    var password = "pw-" + UUID().uuidString.replacing("-", with: "").prefix(13)

    private static let count = Mutex(0)

    /// Somebody new: an address that no other test uses, no account yet.
    init(_ name: String = "person") {
        let number = Self.count.withLock { count in
            count += 1
            return count
        }
        email = "\(name).\(number)@example.com"
        Transcript.secret(password)
    }

    /// The body of a registration.
    var registration: String {
        """
        {"user":{"email":"\(email)","first_name":"John","last_name":"Smith",\
        "password":"\(password)"}}
        """
    }

    /// The body of a log-in.
    var credentials: String {
        #"{"user":{"email":"\#(email)","password":"\#(password)"}}"#
    }

    /// Registers, follows the mailed link and returns the token that confirming answers.
    @discardableResult
    func signUp(at server: TestServer) throws -> String {
        let answer = try server.client.post(Path.register, registration)
        guard answer.code == 200 else { throw Refused(answer: answer) }
        let mail = try server.mailbox.wait(for: "confirmation", to: email)
        let confirmed = try server.client.get(mail.target ?? "")
        guard let token = try confirmed.json()["access_token"]?.string else {
            throw Refused(answer: confirmed)
        }
        return token
    }

    /// Logs in and returns the token.
    func logIn(at server: TestServer) throws -> String {
        let answer = try server.client.post(Path.login, credentials)
        guard let token = try answer.json()["access_token"]?.string else {
            throw Refused(answer: answer)
        }
        return token
    }

    /// An answer that should have been a success.
    struct Refused: Error {
        let answer: Answer
    }
}

/// The paths of `dsrt_v1` that the tests use.
enum Path {
    static let login = "/api/v1/user/authentication/login"
    static let logout = "/api/v1/user/authentication/logout"
    static let register = "/api/v1/user/registration/register"
    static let confirm = "/api/v1/user/registration/confirm"
    static let me = "/api/v1/user/profile/me"
    static let update = "/api/v1/user/profile/update"
    static let confirmSecondary = "/api/v1/user/profile/confirm_secondary_email"
    static let updatePassword = "/api/v1/user/profile/update_password"
    static let closeAccount = "/api/v1/user/profile/close_account"
    static let forgot = "/api/v1/user/password/forgot"
    static let reset = "/api/v1/user/password/reset"

    /// Every `POST` route.
    static let posts = [
        login, logout, register, confirm, update, confirmSecondary, updatePassword, closeAccount,
        forgot, reset,
    ]
}

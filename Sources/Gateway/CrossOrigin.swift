/// Field lines for browsers (Fetch standard, CORS protocol). Every origin may call, since a caller
/// shows a token: cookies are not sent across origins (`SameSite=Lax`, no `Allow-Credentials`).
enum CrossOrigin {
    static let answer: StaticString = """
        Access-Control-Allow-Origin: *\r\n\
        Access-Control-Expose-Headers: X-Request-Id, X-Total-Count, Link, Retry-After, \
        Idempotency-Replayed\r\n
        """

    static let preflight: StaticString = """
        Access-Control-Allow-Headers: Authorization, Content-Type, Idempotency-Key, X-Access-Token, \
        access_token, X-Request-Id\r\n\
        Access-Control-Max-Age: 600\r\n
        """
}

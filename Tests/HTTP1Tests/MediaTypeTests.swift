import HTTP1
import Testing

/// What a Content-Type says about the body.
struct MediaTypeTests {
    private func kind(_ value: String) -> MediaType.Kind { MediaType(Array(value.utf8).span).kind }

    @Test(arguments: [
        "application/json", "Application/JSON", "application/json;charset=utf-8",
        "application/json; charset=UTF-8", "application/json ; charset=\"utf-8\"",
        "application/vnd.api+json", "image/svg+JSON", "application/json;", "application/json;x=y",
    ])
    func json(value: String) {
        #expect(kind(value) == .json)
    }

    @Test(arguments: [
        "application/x-www-form-urlencoded", "application/X-WWW-form-urlencoded; charset=utf-8",
    ])
    func form(value: String) {
        #expect(kind(value) == .formURLEncoded)
    }

    @Test(arguments: [
        ("multipart/form-data; boundary=abc", "abc"),
        ("Multipart/Form-Data;BOUNDARY=\"abc\"", "abc"),
        (
            "multipart/form-data; charset=utf-8; boundary=----WebKitFormBoundary7MA4YWxkTrZu0gW",
            "----WebKitFormBoundary7MA4YWxkTrZu0gW"
        ),
        ("multipart/form-data; boundary=\"a b'()+_,-./:=?\"", "a b'()+_,-./:=?"),
    ])
    func multipart(value: String, boundary: String) {
        guard case .multipart(let range) = kind(value) else {
            Issue.record("\(value) is not multipart")
            return
        }
        #expect(text(Array(value.utf8)[range.lower..<range.upper]) == boundary)
    }

    @Test func boundaryOfSeventyCharacters() {
        let start = "multipart/form-data; boundary="
        let longest = String(repeating: "b", count: 70)
        #expect(kind(start + longest) == .multipart(boundary: ByteRange(30, 100)))
        #expect(kind(start + longest + "b") == .other)
    }

    @Test(arguments: [
        "", "json", "/", "application/", "/json", "application/json/x", "application json",
        "text/json", "application/jsonp", "application/json, text/html",
        "application/json; charset", "application/json; charset=", "application/json charset=utf-8",
        "application/json;charset=iso-8859-1", "application/json;charset=\"utf-16\"",
        "application/json; charset=\"utf-8", "application/json; =utf-8", "application/+json",
        "text/plain", "multipart/form-data", "multipart/form-data; boundary=",
        "multipart/form-data; boundary=\"\"", "multipart/form-data; boundary=\"abc",
        "multipart/form-data; boundary=\"ab\\c\"", "multipart/form-data; boundary=\"abc \"",
        "multipart/form-data; boundary=a; boundary=b", "multipart/form-data; boundary=a*b",
        "multipart/mixed; boundary=abc", "multipart/form-data; boundary=\"a\\",
    ])
    func other(value: String) {
        #expect(kind(value) == .other)
    }
}

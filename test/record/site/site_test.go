package main

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strconv"
	"strings"
	"testing"

	"gatewatch/test/record/accounts"
)

type ask struct {
	method, path, body string
	header             map[string]string
}

func do(t *testing.T, s *Site, a ask) *httptest.ResponseRecorder {
	t.Helper()
	r := httptest.NewRequestWithContext(t.Context(), a.method, a.path, strings.NewReader(a.body))
	for name, value := range a.header {
		r.Header.Set(name, value)
	}
	w := httptest.NewRecorder()
	s.ServeHTTP(w, r)
	return w
}

func formLogin(t *testing.T, s *Site, name, password string) *httptest.ResponseRecorder {
	t.Helper()
	form := url.Values{"username": {name}, "password": {password}}.Encode()
	return do(t, s, ask{http.MethodPost, "/login", form, map[string]string{
		"Content-Type": "application/x-www-form-urlencoded",
	}})
}

func token(t *testing.T, s *Site, a accounts.Account) map[string]string {
	t.Helper()
	body, err := json.Marshal(map[string]string{"username": a.Name, "password": a.Password})
	if err != nil {
		t.Fatal(err)
	}
	w := do(t, s, ask{method: http.MethodPost, path: "/api/v1/login", body: string(body)})
	var answer struct{ Token string }
	if err := json.Unmarshal(w.Body.Bytes(), &answer); err != nil || answer.Token == "" {
		t.Fatalf("login of %s answered %d %s", a.Name, w.Code, w.Body)
	}
	return map[string]string{"Authorization": "Bearer " + answer.Token}
}

func TestPublicPaths(t *testing.T) {
	s := New(false, 0)
	for path, want := range map[string]int{
		"/": 200, "/products": 200, "/products/oak-chair": 200, "/products/none": 404, "/blog/ten-years": 200,
		"/search?q=lamp": 200, "/robots.txt": 200, "/sitemap.xml": 200, "/favicon.ico": 200, "/health": 200,
		"/static/style.css": 200, "/static/img/": 404, "/static/img/partner-badge.png": 404,
		"/press-kit-2019.pdf": 404, "/account": 302, "/admin": 302, "/api/v1/orders": 401, "/.env": 404,
		"/api/v1/stock/bench": 200,
	} {
		if got := do(t, s, ask{method: http.MethodGet, path: path}).Code; got != want {
			t.Errorf("GET %s answered %d, want %d", path, got, want)
		}
	}
}

func TestFormLogin(t *testing.T) {
	user := accounts.Customers()[0]
	for _, c := range []struct {
		redirect bool
		password string
		code     int
		location string
	}{
		{false, user.Password, 302, "/account"},
		{false, "wrong", 200, ""},
		{true, user.Password, 302, "/account"},
		{true, "wrong", 302, "/login?failed"},
	} {
		w := formLogin(t, New(c.redirect, 0), user.Name, c.password)
		if w.Code != c.code || w.Header().Get("Location") != c.location {
			t.Errorf("redirect=%v password %q answered %d %q, want %d %q",
				c.redirect, c.password, w.Code, w.Header().Get("Location"), c.code, c.location)
		}
	}
}

func TestOrdersBelongToTheirOwner(t *testing.T) {
	s := New(false, 0)
	user := accounts.Customers()[3]
	auth := token(t, s, user)
	own := accounts.Orders(user.Name)[0]
	for path, want := range map[string]int{
		"/api/v1/orders":                              200,
		"/api/v1/orders/" + strconv.Itoa(own):         200,
		"/api/v1/orders/" + strconv.Itoa(own-1):       403,
		"/api/v1/orders/1":                            404,
		"/api/v1/orders/x":                            404,
		"/api/v1/invoices/" + strconv.Itoa(own-1):     200,
		"/api/v1/users/" + user.UUID:                  200,
		"/api/v1/users/" + accounts.All()[0].UUID:     403,
		"/api/v1/users/00000000-0000-4000-a000-00000": 404,
	} {
		if got := do(t, s, ask{method: http.MethodGet, path: path, header: auth}).Code; got != want {
			t.Errorf("GET %s answered %d, want %d", path, got, want)
		}
	}
}

func TestEditorAtWork(t *testing.T) {
	s := New(true, 0)
	editor, _ := accounts.ByName("editor@shop.example")
	w := formLogin(t, s, editor.Name, editor.Password)
	cookie := map[string]string{"Cookie": w.Result().Cookies()[0].String()}
	for _, c := range []struct {
		method, path string
		want         int
	}{
		{"GET", "/admin/posts", 200},
		{"GET", "/admin/posts/12/edit", 200},
		{"GET", "/admin/posts/17/edit", 404},
		{"PUT", "/admin/posts/12", 200},
		{"POST", "/admin/posts", 303},
		{"POST", "/admin/media", 201},
		{"GET", "/admin/settings", 403},
	} {
		if got := do(t, s, ask{method: c.method, path: c.path, header: cookie}).Code; got != c.want {
			t.Errorf("%s %s answered %d, want %d", c.method, c.path, got, c.want)
		}
	}
}

func TestForgedSessionIsRefused(t *testing.T) {
	s := New(false, 0)
	other := NewSigner("another secret").Sign(accounts.All()[0])
	for _, value := range []string{"", "x", "a.b", other} {
		if _, ok := s.signer.Open(value); ok {
			t.Errorf("session %q was accepted", value)
		}
	}
}

package main

import (
	"net/http"

	"gatewatch/test/record/accounts"
)

const sessionCookie = "sid"

func (s *Site) loginRoutes() {
	s.mux.HandleFunc("GET /login", s.loginForm)
	s.mux.HandleFunc("POST /login", s.login)
	s.mux.HandleFunc("GET /logout", s.logout)
	s.mux.HandleFunc("GET /account", s.account)
	s.mux.HandleFunc("POST /reset", s.reset)
}

const formHTML = `<!doctype html><html><head><title>Log in</title><link rel="stylesheet" href="/static/style.css"></head>
<body><h1>Log in</h1><form method="post" action="/login"><input name="username"><input name="password" type="password">
<button>Log in</button></form><a href="/">Home</a></body></html>
`

const failedHTML = `<!doctype html><html><head><title>Log in</title></head>
<body><h1>Log in</h1><p>Login failed: wrong name or password.</p><form method="post" action="/login">
<input name="username"><input name="password" type="password"><button>Log in</button></form></body></html>
`

func (s *Site) loginForm(w http.ResponseWriter, r *http.Request) {
	form := formHTML
	if r.URL.Query().Has("failed") {
		form = failedHTML
	}
	writeHTML(w, form)
}

// login answers the form. A success always redirects to the account page; a
// failure redirects back or shows the form again, whichever the site was told.
func (s *Site) login(w http.ResponseWriter, r *http.Request) {
	account, ok := check(r.PostFormValue("username"), r.PostFormValue("password"))
	switch {
	case ok:
		http.SetCookie(w, &http.Cookie{
			Name: sessionCookie, Value: s.signer.Sign(account), Path: "/", HttpOnly: true, SameSite: http.SameSiteLaxMode,
		})
		http.Redirect(w, r, "/account", http.StatusFound)
	case s.redirectFailure:
		http.Redirect(w, r, "/login?failed", http.StatusFound)
	default:
		writeHTML(w, failedHTML)
	}
}

func (s *Site) logout(w http.ResponseWriter, r *http.Request) {
	http.SetCookie(w, &http.Cookie{Name: sessionCookie, Path: "/", MaxAge: -1})
	http.Redirect(w, r, "/", http.StatusFound)
}

func (s *Site) account(w http.ResponseWriter, r *http.Request) {
	account, ok := s.session(r)
	if !ok {
		http.Redirect(w, r, "/login", http.StatusFound)
		return
	}
	writePage(w, http.StatusOK, Page{
		Title: "Your account", Paragraphs: []string{account.Name}, Links: []string{"/products", "/logout"},
	})
}

// reset never says whether the account exists.
func (s *Site) reset(w http.ResponseWriter, _ *http.Request) {
	writeJSON(w, http.StatusAccepted, map[string]string{"message": "a mail is on its way if the account exists"})
}

// session returns the account of the session cookie.
func (s *Site) session(r *http.Request) (accounts.Account, bool) {
	cookie, err := r.Cookie(sessionCookie)
	if err != nil {
		return accounts.Account{}, false
	}
	return s.signer.Open(cookie.Value)
}

func check(name, password string) (accounts.Account, bool) {
	account, ok := accounts.ByName(name)
	return account, ok && account.Password == password
}

func writeHTML(w http.ResponseWriter, text string) {
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	_, _ = w.Write([]byte(text))
}

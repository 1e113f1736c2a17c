package route

import (
	"strings"

	"gatewatch/internal/event"
)

// Purpose is a set of what a route is for. A route may have several: an API's login has API and Login.
type Purpose uint32

// The purposes.
const (
	Login         Purpose = 1 << iota // takes credentials
	Logout                            // ends a session
	PasswordReset                     // asks for or sets a forgotten password
	SignUp                            // makes an account
	OTP                               // takes a second factor
	Token                             // issues or refreshes tokens (OAuth)
	Search                            // free-text search
	Admin                             // administration
	Health                            // health checks and monitoring
	Static                            // an asset: image, script, style, font
	Page                              // a page for people: none of Static, API, Health, WellKnown and Token applies
	API                               // for programs
	WellKnown                         // robots.txt, sitemap, /.well-known
	CMS                               // a content management system's own paths
	Registry                          // packages and repositories, whose clients ask what there is
)

var purposeNames = [...]string{
	"login", "logout", "password_reset", "sign_up", "otp", "token", "search", "admin", "health", "static", "page", "api",
	"well_known", "cms", "registry",
}

// Has tells whether the set has every purpose of q.
func (p Purpose) Has(q Purpose) bool { return p&q == q }

// Any tells whether the set has some purpose of q.
func (p Purpose) Any(q Purpose) bool { return p&q != 0 }

// String lists the purposes, joined by "|".
func (p Purpose) String() string {
	var names []string
	for i, n := range purposeNames {
		if p.Has(1 << i) {
			names = append(names, n)
		}
	}
	return strings.Join(names, "|")
}

// Attempt tells whether the request can carry credentials to a route of purpose p: a login route asked by POST, PUT or
// PATCH, or by GET with a user name or password in the query. Routes that only refresh a token are not for credentials.
func (p Purpose) Attempt(e *event.Event) bool {
	if !p.Has(Login) {
		return false
	}
	switch e.Method {
	case "POST", "PUT", "PATCH":
		return true
	case "GET":
		if e.Query == "" {
			return false
		}
		_, named := userParam(e.Query)
		return named || hasParam(e.Query, passwordParams)
	default:
		return false
	}
}

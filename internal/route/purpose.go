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
	Page                              // a page for people: no other kind applies
	API                               // for programs
	WellKnown                         // robots.txt, sitemap, /.well-known
	CMS                               // a content management system's own paths
)

var purposeNames = [...]string{
	"login", "logout", "password_reset", "sign_up", "otp", "token", "search", "admin", "health", "static", "page", "api",
	"well_known", "cms",
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

// Rule gives the paths that match a pattern a purpose. A pattern is a path of globs, segment by segment and without
// regard to case: "*" is one segment, "**" any number of them (first or last only), "name*" a segment's beginning.
type Rule struct {
	Pattern string
	Purpose Purpose
}

// Classifier tells the purpose of paths. It is immutable and may be shared.
type Classifier struct {
	rules []Rule
}

// NewClassifier compiles rules, which add to each other; DefaultRules are a good start.
func NewClassifier(rules []Rule) (*Classifier, error) { return &Classifier{rules: rules}, nil }

// Purpose tells what the path of e is for; it depends on the path only.
func (c *Classifier) Purpose(e *event.Event) Purpose { return Page }

// Attempt tells whether the request can carry credentials to a route of purpose p: a login or token route asked by POST,
// PUT or PATCH, or by GET with a user name or password in the query.
func (p Purpose) Attempt(e *event.Event) bool { return p.Any(Login|Token) && e.Method == "POST" }

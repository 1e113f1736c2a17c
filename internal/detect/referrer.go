package detect

import (
	"strings"

	"gatewatch/internal/event"
)

// sameSite tells whether the request comes from a page of the same host, as far as the referrer says; where the log has
// no host, from any page. It is forged as easily as a user agent: it may excuse, never absolve.
func sameSite(e *event.Event) bool {
	_, rest, ok := strings.Cut(e.Referrer, "://")
	if !ok {
		return false
	}
	if i := strings.IndexAny(rest, "/?#"); i >= 0 {
		rest = rest[:i]
	}
	return rest != "" && (e.Host == "" || strings.EqualFold(rest, e.Host))
}

// referrerPath is the path of the page that the request comes from, "" when it is not told.
func referrerPath(e *event.Event) string {
	_, rest, _ := strings.Cut(e.Referrer, "://")
	i := strings.IndexByte(rest, '/')
	if i < 0 {
		return ""
	}
	path, _, _ := strings.Cut(rest[i:], "?")
	return path
}

package route

import (
	"strings"

	"github.com/zeebo/xxh3"

	"gatewatch/internal/event"
)

// maxUser bounds a user name; a longer one is cut, so that padding does not make it another.
const maxUser = 128

var (
	userParams     = []string{"user", "username", "user_name", "email", "login", "userid", "user_id", "uname", "usr", "log", "account", "j_username", "mail"}
	passwordParams = []string{"password", "passwd", "pass", "pwd", "j_password", "passwort", "secret"}
)

// User is the seeded hash of the user name that an attempt was for, as AppendUser has it; false when the log does not tell.
func User(e *event.Event, seed uint64) (uint64, bool) {
	var buf [maxUser]byte
	b := AppendUser(buf[:0], e)
	if len(b) == 0 {
		return 0, false
	}
	return max(xxh3.HashSeed(b, seed), 1), true
}

// AppendUser appends the user name that an attempt was for: the principal, else user=, username=, email=, login= or a like
// parameter of the query, decoded, in lower case as far as it is ASCII and cut to fewer than 128 bytes. It appends nothing
// when the log does not tell.
func AppendUser(b []byte, e *event.Event) []byte {
	name := e.Principal
	if name == "" || name == "-" {
		name, _ = userParam(e.Query)
	}
	if name == "" || name == "-" {
		return b
	}
	start := len(b)
	b = appendDecoded(b, name[:min(len(name), maxUser-2)])
	for i := start; i < len(b); i++ {
		b[i] = lower(b[i])
	}
	return b
}

func userParam(query string) (string, bool) { return param(query, userParams) }

func hasParam(query string, names []string) bool {
	_, ok := param(query, names)
	return ok
}

// param is the raw value of the first query parameter with one of the names, in lower case as they are.
func param(query string, names []string) (string, bool) {
	for range maxParams {
		if query == "" {
			break
		}
		var name, value string
		name, value, query = cutParam(query)
		for _, n := range names {
			if len(n) == len(name) && strings.EqualFold(name, n) {
				return value, true
			}
		}
	}
	return "", false
}

// cutParam takes the first parameter off a query; its name is empty when it has no value.
func cutParam(query string) (name, value, rest string) {
	pair, rest, _ := strings.Cut(query, "&")
	if i := strings.IndexByte(pair, '='); i > 0 {
		name, value = pair[:i], pair[i+1:]
	}
	return name, value, rest
}

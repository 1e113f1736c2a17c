package record

import "bytes"

// secrecy is what a key says about its value.
type secrecy uint8

const (
	secretNone   secrecy = iota
	secretToken          // a request header that proves who the client is
	secretCookie         // a request's cookies
	secretOther          // nobody's business: what the server handed out, headers in bulk
)

// secretNames are header names in lower case with hyphens.
var secretNames = map[string]secrecy{
	"authorization":        secretToken,
	"proxy-authorization":  secretToken,
	"x-api-key":            secretToken,
	"api-key":              secretToken,
	"apikey":               secretToken,
	"x-apikey":             secretToken,
	"x-auth-token":         secretToken,
	"x-access-token":       secretToken,
	"access-token":         secretToken,
	"x-amz-security-token": secretToken,
	"x-vault-token":        secretToken,
	"x-goog-api-key":       secretToken,
	"x-gitlab-token":       secretToken,
	"private-token":        secretToken,
	"token":                secretToken,
	"api-token":            secretToken,
	"x-functions-key":      secretToken,
	"cookie":               secretCookie,
	"cookie2":              secretOther,
	"cookies":              secretOther,
	"set-cookie":           secretOther,
	"set-cookie2":          secretOther,
	"password":             secretOther,
	"secret":               secretOther,
	"client-secret":        secretOther,
	"x-csrf-token":         secretOther,
	"x-xsrf-token":         secretOther,
	"headers":              secretOther,
	"http-headers":         secretOther,
	"http-cookies":         secretOther,
	"resp-headers":         secretOther,
}

const longestSecretName = 32

// headerPrefixes are what writers put before a header's name in a key, and whether the header was the client's. The
// longer of two that begin alike comes first.
var headerPrefixes = []struct {
	text   string
	client bool
}{
	{"request-headers-", true},
	{"request-header-", true},
	{"request-", true},
	{"req-", true},
	{"http-", true},
	{"downstream-", false},
	{"response-", false},
	{"resp-", false},
	{"origin-", false},
	{"sent-http-", false},
	{"upstream-http-", false},
}

// secretOf tells whether the value under a flattened key is a secret, by the last part of the key, in any case and with
// hyphens or underscores. It is asked for keys that no rule names, when a shape is learned.
func secretOf(key []byte) secrecy {
	if i := bytes.LastIndexByte(key, '.'); i >= 0 {
		if n := i - len("cookies"); n >= 0 && bytes.EqualFold(key[n:i], []byte("cookies")) {
			return secretOther
		}
		key = key[i+1:]
	}
	if i := bytes.IndexByte(key, '('); i >= 0 { // cs(Cookie)
		key = bytes.TrimSuffix(key[i+1:], []byte(")"))
	}
	if len(key) > longestSecretName {
		return secretNone
	}
	var buf [longestSecretName]byte
	name := buf[:copy(buf[:], key)]
	for i, c := range name {
		switch {
		case c == '_':
			name[i] = '-'
		case c-'A' < 26:
			name[i] = c | 0x20
		}
	}
	if s := secretNames[string(name)]; s != secretNone {
		return s
	}
	return secretHeader(name)
}

func secretHeader(name []byte) secrecy {
	for _, prefix := range headerPrefixes {
		header, ok := bytes.CutPrefix(name, []byte(prefix.text))
		if !ok {
			continue
		}
		s := secretNames[string(header)]
		if s != secretNone && !prefix.client {
			return secretOther
		}
		return s
	}
	return secretNone
}

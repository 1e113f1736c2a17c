package identity

import (
	"bytes"
	"maps"
)

// nameKind is what a parameter's name says about its value.
type nameKind uint8

const (
	plain          nameKind = iota
	secretName              // a secret
	credentialName          // a secret that stands for a client: an API key, an access token
	sessionName             // a secret that stands for a session
	nameKinds
)

// exactNames are names that mean a secret only when they are the whole name, normalised: lower case, without '-' and '_'.
var exactNames = map[string]nameKind{
	"key": secretName, "code": secretName, "otp": secretName, "totp": secretName, "sig": secretName, "pass": secretName,
	"pw": secretName, "pwd": secretName, "pin": secretName, "auth": secretName, "hmac": secretName, "ticket": secretName,
	"assertion": secretName, "samlresponse": secretName, "credentials": secretName, "privatekey": secretName,
	"jwt": credentialName, "bearer": credentialName, "accesstoken": credentialName, "apikey": credentialName,
	"xapikey": credentialName, "apitoken": credentialName, "subscriptionkey": credentialName,
	"session": sessionName, "sessionid": sessionName, "sid": sessionName, "phpsessid": sessionName,
	"jsessionid": sessionName, "aspsessionid": sessionName, "sessid": sessionName, "sessiontoken": sessionName,
}

// tails are what the names of secrets end with.
var tails = [...]string{
	"password", "passwd", "passphrase", "secret", "token", "apikey", "accesskey", "secretkey", "signature", "credential",
	"authorization", "jwt",
}

// headerTails are what else the names of secret headers end with.
var headerTails = [...]string{"cookie", "cookies", "authentication", "xauth"}

var password = []byte("passw")

// names knows the names of secrets.
type names struct{ exact map[string]nameKind }

func newNames(more, keep []string) names {
	n := names{exact: make(map[string]nameKind, len(exactNames)+len(more)+len(keep))}
	maps.Copy(n.exact, exactNames)
	for _, name := range more {
		if norm := normalised(name); n.exact[norm] == plain {
			n.exact[norm] = secretName
		}
	}
	for _, name := range keep {
		n.exact[normalised(name)] = plain
	}
	return n
}

// kind is what the name of a parameter, as it stands in the query, says.
func (n *names) kind(raw string) nameKind {
	var buf [maxName]byte
	name := normalise(&buf, raw)
	if kind, ok := n.exact[string(name)]; ok {
		return kind
	}
	if len(name) > len("jwt") && hasTail(name, tails[:]) {
		return secretName
	}
	return plain
}

// secretHeader tells whether a field is a request header that holds a secret.
func (n *names) secretHeader(field string) bool {
	var buf [maxName]byte
	name := normalise(&buf, field)
	if kind, ok := n.exact[string(name)]; ok && kind == plain {
		return false
	}
	return hasTail(name, tails[:]) || hasTail(name, headerTails[:])
}

func hasTail(name []byte, tails []string) bool {
	if len(name) == 0 {
		return false
	}
	last := name[len(name)-1]
	for _, t := range tails {
		if t[len(t)-1] == last && len(name) >= len(t) && string(name[len(name)-len(t):]) == t {
			return true
		}
	}
	return len(name) > len(password) && bytes.Contains(name, password) // "password_confirm"
}

// maxName bounds what is looked at of a name; of a longer one, the end counts.
const maxName = 48

// normalise is the last component of a name ("user[password]", "login.password"), percent-decoded, in lower case and
// without '-' and '_'. Empty and numeric components ("token[]", "token[0]") do not count.
func normalise(buf *[maxName]byte, raw string) []byte {
	n, fresh := 0, false
	for i := 0; i < len(raw); i++ {
		c := raw[i]
		if c == '%' {
			if d, ok := unhex(raw, i); ok {
				c = d
				i += 2
			}
		}
		switch {
		case c == '[' || c == '.':
			fresh = true
			continue
		case c == ']' || c == '-' || c == '_' || c == '+' || c == ' ' || fresh && '0' <= c && c <= '9':
			continue
		case 'A' <= c && c <= 'Z':
			c += 'a' - 'A'
		}
		if fresh {
			n, fresh = 0, false
		}
		if n == maxName {
			n = copy(buf[:], buf[maxName/2:])
		}
		buf[n] = c
		n++
	}
	return buf[:n]
}

func normalised(name string) string {
	var buf [maxName]byte
	return string(normalise(&buf, name))
}

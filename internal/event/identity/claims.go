package identity

import (
	"encoding/base64"
	"encoding/json"
	"strings"
)

const (
	// How much is read of the claims, in bytes of base64.
	maxClaims = 8 << 10
	// How long a name taken from them may be, in bytes.
	maxSubject = 256
)

// subject is the principal that a JSON Web Token claims: sub, else azp, else client_id; "" when it is no token or says
// nothing. Nothing is verified.
func subject(token string) string {
	_, rest, ok := strings.Cut(token, ".")
	if !ok || !strings.HasPrefix(token, "eyJ") {
		return ""
	}
	payload, _, _ := strings.Cut(rest, ".")
	if len(payload) > maxClaims {
		return ""
	}
	raw, err := base64.RawURLEncoding.DecodeString(strings.TrimRight(payload, "="))
	if err != nil {
		return ""
	}
	var claims struct {
		Subject string `json:"sub"`
		Party   string `json:"azp"`
		Client  string `json:"client_id"`
	}
	if json.Unmarshal(raw, &claims) != nil {
		return ""
	}
	for _, name := range []string{claims.Subject, claims.Party, claims.Client} {
		if name != "" && len(name) <= maxSubject {
			return name
		}
	}
	return ""
}

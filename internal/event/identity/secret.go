package identity

import (
	"math/bits"
	"strings"
)

const (
	// The least length of anything that is a secret by its look alone, in bytes.
	minSecret = 20
	// The least length of a random-looking secret: 32 base64 digits hold 192 bits.
	minRandom = 32
	// How many different bytes a random-looking secret has at least.
	minDistinct = 16
)

// secretPrefixes are the marks that issuers put on their keys so that leaks can be found.
var secretPrefixes = [...]string{
	"ghp_", "gho_", "ghu_", "ghs_", "ghr_", "github_pat_", "glpat-", "sk_live_", "sk_test_", "rk_live_", "rk_test_", "sk-",
	"xoxb-", "xoxp-", "xoxa-", "xoxs-", "xapp-", "ya29.", "SG.", "npm_", "pypi-", "dop_v1_", "hf_", "whsec_", "shpat_",
	"AIza", "AKIA", "ASIA",
}

// secretStart has the first bytes of what isKnownSecret knows: few texts begin with one.
var secretStart = func() (t [256]bool) {
	t['e'] = true // "eyJ", of a JSON Web Token
	for _, p := range secretPrefixes {
		t[p[0]] = true
	}
	return t
}()

// isKnownSecret tells a secret by the mark of its issuer or the shape of a JSON Web Token.
func isKnownSecret(s string) bool {
	if len(s) < minSecret {
		return false
	}
	if !secretStart[s[0]] {
		return false
	}
	if strings.HasPrefix(s, "eyJ") {
		return strings.Count(s, ".") >= 2
	}
	for _, p := range secretPrefixes {
		if s[0] == p[0] && strings.HasPrefix(s, p) {
			return isToken(s)
		}
	}
	return false
}

// isToken tells whether s has the bytes of a key and some digit, which a word that begins like one has not.
func isToken(s string) bool {
	digit := false
	for i := range len(s) {
		k := kindOf(s[i])
		if k == 0 {
			return false
		}
		digit = digit || k == isDigit
	}
	return digit
}

// The kinds of byte that a key is made of.
const (
	isLower = 1 << iota
	isUpper
	isDigit
	isMark
)

func kindOf(c byte) int {
	switch {
	case 'a' <= c && c <= 'z':
		return isLower
	case 'A' <= c && c <= 'Z':
		return isUpper
	case '0' <= c && c <= '9':
		return isDigit
	case c == '_' || c == '-' || c == '.' || c == '+' || c == '/' || c == '=' || c == '~':
		return isMark
	default:
		return 0
	}
}

// isRandom tells a secret by its entropy: long, of upper and lower case and digits, of many different bytes, and with
// the kinds in no order. Random base62 changes kind at 62 of 100 steps, words and dates at fewer than 20; hashes in
// hexadecimal and UUIDs have one case and are taken for the identifiers they commonly are.
func isRandom(s string) bool {
	if len(s) < minRandom {
		return false
	}
	seen, last, changes := 0, 0, 0
	var distinct [2]uint64
	for i := range len(s) {
		k := kindOf(s[i])
		if k == 0 {
			return false
		}
		seen |= k
		if k != last && k != isMark {
			changes++
			last = k
		}
		distinct[s[i]>>6&1] |= 1 << (s[i] & 63)
	}
	const all = isLower | isUpper | isDigit
	return seen&all == all && changes*100 >= len(s)*35 && bits.OnesCount64(distinct[0])+bits.OnesCount64(distinct[1]) >= minDistinct
}

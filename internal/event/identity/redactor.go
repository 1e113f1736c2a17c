package identity

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"hash"
	"strings"
	"unsafe"

	"gatewatch/internal/event"
)

// RedactConfig says what counts as a secret.
type RedactConfig struct {
	// Key makes the hashes: whoever knows it can test guesses of secrets against stored events, so it is a secret too, at
	// least 16 bytes. Services that share a key give one secret one name.
	Key []byte
	// Parameters are names of query parameters, beyond the built-in ones, whose values are secrets. Upper and lower case,
	// '-' and '_' do not matter. Default: none.
	Parameters []string
	// Keep are names of parameters that are no secrets in spite of their looks. Default: none.
	Keep []string
	// Claims takes the principal from the claims of a JSON Web Token (sub, else azp, else client_id) when the gateway
	// logged none. The signature is not verified: it is believed only where the response was no failure, and still is
	// the client's word. Default: false.
	Claims bool
}

// minKey is the least length of a key in bytes: 128 bits cannot be guessed.
const minKey = 16

// maxReplacements bounds the work on one text; from there on, the rest of the text is one secret.
const maxReplacements = 64

// Redactor replaces secrets in an event by keyed hashes, so that an analyst can still find every use of one credential
// and nobody can use it. A credential or session becomes 32 hexadecimal digits, the first 128 bits of HMAC-SHA-256 of
// the secret itself (without "Bearer" or "Basic"); a secret within a text becomes '~' and the first 16 digits of the same
// hash. One goroutine owns a Redactor.
type Redactor struct {
	names   names
	claims  bool
	mac     hash.Hash
	sum     [sha256.Size]byte
	value   []byte            // a secret after percent-decoding
	found   [nameKinds]string // per kind of name, the first secret of the current query
	scratch []byte            // texts of the current event that had to change
}

// NewRedactor makes a redactor.
func NewRedactor(cfg RedactConfig) (*Redactor, error) {
	if len(cfg.Key) < minKey {
		return nil, errors.New("redaction key is shorter than 16 bytes")
	}
	return &Redactor{
		names:  newNames(cfg.Parameters, cfg.Keep),
		claims: cfg.Claims,
		mac:    hmac.New(sha256.New, cfg.Key),
	}, nil
}

// Redact replaces the secrets of the event. The new texts hold until the next call. An event without secrets is not
// touched, and neither allocates. Redacting twice hashes credential and session twice; the texts stay as they are.
func (r *Redactor) Redact(e *event.Event) {
	r.scratch = r.scratch[:0]
	r.found = [nameKinds]string{}
	e.Query = r.params(e.Query, true)
	query := r.found
	e.Path = r.path(e.Path)
	e.Host = r.params(e.Host, false)
	e.Referrer = r.params(e.Referrer, true)
	e.RequestLine = r.params(e.RequestLine, true)
	for i := range e.Unmapped {
		r.pair(&e.Unmapped[i])
	}
	r.credential(e, query[credentialName])
	if e.Session == "" {
		e.Session = r.decoded(query[sessionName])
	}
	e.Session = r.digest(e.Session)
}

// credential names the credential of the event, which the gateway logged or else a parameter of the query holds.
func (r *Redactor) credential(e *event.Event, inQuery string) {
	secret := bare(e.Credential)
	if secret == "" {
		secret = r.decoded(inQuery)
	}
	if r.claims && secret != "" && e.Principal == "" && accepted(e) {
		e.Principal = subject(secret)
	}
	e.Credential = r.digest(secret)
}

// accepted tells whether the service let the request pass, which it would not have done with a token it found invalid.
func accepted(e *event.Event) bool {
	return e.Has(event.FieldStatus) && e.Status >= 200 && e.Status < 400
}

// bare is a credential without the name of its scheme: the same token is the same credential however it is sent.
func bare(s string) string {
	scheme, token, ok := strings.Cut(strings.TrimSpace(s), " ")
	if !ok || token == "" || len(scheme) > 16 {
		return strings.TrimSpace(s)
	}
	return strings.TrimSpace(token)
}

// pair replaces the value of a field that the schema does not know where its name or its content gives it away.
func (r *Redactor) pair(p *event.Pair) {
	switch {
	case p.Value == "" || p.Value == "-":
	case r.names.secretHeader(p.Key):
		p.Value = r.replacement(p.Value)
	default:
		p.Value = r.params(p.Value, false)
	}
}

// hash leaves the keyed hash of a secret in r.sum.
func (r *Redactor) hash(secret string) {
	r.mac.Reset()
	r.mac.Write(unsafe.Slice(unsafe.StringData(secret), len(secret)))
	r.mac.Sum(r.sum[:0])
}

// digest is the name of a secret, 32 digits in the scratch; nothing has no name.
func (r *Redactor) digest(secret string) string {
	if secret == "" {
		return ""
	}
	r.hash(secret)
	start := len(r.scratch)
	r.scratch = hex.AppendEncode(r.scratch, r.sum[:16])
	return r.from(start)
}

// replacement is what stands for a secret that is a whole text.
func (r *Redactor) replacement(secret string) string {
	if isReplacement(secret) {
		return secret
	}
	start := len(r.scratch)
	r.appendReplacement(secret)
	return r.from(start)
}

// appendReplacement appends what stands for a secret within a text, which may be percent-encoded.
func (r *Redactor) appendReplacement(secret string) {
	if isReplacement(secret) {
		r.scratch = append(r.scratch, secret...)
		return
	}
	r.hash(r.decoded(secret))
	r.scratch = append(r.scratch, '~')
	r.scratch = hex.AppendEncode(r.scratch, r.sum[:8])
}

// decoded is a secret without percent-encoding, so that one secret has one hash. It holds until the next call.
func (r *Redactor) decoded(secret string) string {
	if strings.IndexByte(secret, '%') < 0 {
		return secret
	}
	r.value = appendDecoded(r.value[:0], secret)
	return unsafe.String(unsafe.SliceData(r.value), len(r.value))
}

// from is the scratch from a position on. The string survives the growth of the scratch: it holds the old array, which
// nobody writes to before the next event.
func (r *Redactor) from(start int) string {
	b := r.scratch[start:]
	return unsafe.String(unsafe.SliceData(b), len(b))
}

// isReplacement tells what this package wrote. A client may send the like; then there is no secret to hide.
func isReplacement(s string) bool {
	if len(s) != 17 || s[0] != '~' {
		return false
	}
	for i := 1; i < len(s); i++ {
		if !isHex(s[i]) {
			return false
		}
	}
	return true
}

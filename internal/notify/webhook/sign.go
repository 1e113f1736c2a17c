package webhook

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"strings"
)

// key signs.
type key []byte

// The sizes of a secret that Standard Webhooks allows, in bytes.
const (
	minKey = 24
	maxKey = 64
)

// parseKey reads a secret; the error does not repeat it.
func parseKey(secret string) (key, error) {
	text, ok := strings.CutPrefix(strings.TrimSpace(secret), "whsec_")
	if !ok {
		return nil, errors.New("it does not begin with whsec_")
	}
	k, err := base64.StdEncoding.DecodeString(text)
	if err != nil {
		return nil, errors.New("what is behind whsec_ is not base64")
	}
	if len(k) < minKey || len(k) > maxKey {
		return nil, fmt.Errorf("it has %d bytes, not %d to %d", len(k), minKey, maxKey)
	}
	return k, nil
}

// sign is the value of webhook-signature: one signature by each key, so that a receiver can change its secret.
func sign(keys []key, id, timestamp string, body []byte) string {
	all := make([]string, 0, len(keys))
	for _, k := range keys {
		mac := hmac.New(sha256.New, k)
		_, _ = fmt.Fprintf(mac, "%s.%s.", id, timestamp) // a hash takes everything
		_, _ = mac.Write(body)
		all = append(all, "v1,"+base64.StdEncoding.EncodeToString(mac.Sum(nil)))
	}
	return strings.Join(all, " ")
}

package accesslog

import (
	"github.com/zeebo/xxh3"

	"gatewatch/internal/accesslog/jsonlog/jsonwalk"
)

// signedKeys is how many of a JSON line's first keys tell its shape: writers keep the order of their keys, and two
// formats rarely share three.
const signedKeys = 3

// signature is a hash of the first keys of a JSON line, up to the first object or array, which would cost a walk; 0 when
// the line begins like no JSON.
func signature(text []byte) uint64 {
	c := jsonwalk.Open(text)
	var sum uint64
	for range signedKeys {
		if !c.Next() {
			break
		}
		sum = xxh3.HashSeed(c.Key().Raw, sum+1)
		if k := c.Value().Kind; k == jsonwalk.Object || k == jsonwalk.Array {
			break
		}
	}
	return sum
}

// isWholeJSON tells whether a text that contains line ends is one JSON object or array.
func isWholeJSON(text []byte) bool {
	if text[0] != '{' && text[0] != '[' {
		return false
	}
	c := jsonwalk.Open(text)
	for c.Next() {
	}
	return c.Reason() == 0
}

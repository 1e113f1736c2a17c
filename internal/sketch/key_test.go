package sketch

import (
	"encoding/binary"
	"fmt"
	"strings"
	"testing"
)

// TestKeyIsSipHash checks against the test vectors of SipHash's authors: key 00 01 … 0f, messages 00 01 02 ….
func TestKeyIsSipHash(t *testing.T) {
	var key Key
	for i := range key {
		key[i] = byte(i)
	}
	message := make([]byte, 64)
	for i := range message {
		message[i] = byte(i)
	}
	for _, tt := range []struct {
		length int
		want   uint64
	}{
		{0, 0x726fdb47dd0e0e31},
		{1, 0x74f839c593dc67fd},
		{2, 0x0d6c8009d9a94f5a},
		{3, 0x85676696d7fb7e2d},
		{7, 0xab0200f58b01d137},
		{8, 0x93f5f5799a932462},
		{15, 0xa129ca6149be45e5}, // the worked example of the paper
		{63, 0x958a324ceb064572},
	} {
		if got := key.Sum(message[:tt.length]); got != tt.want {
			t.Errorf("Sum of %d bytes = %#x, want %#x", tt.length, got, tt.want)
		}
		if got := key.SumString(string(message[:tt.length])); got != tt.want {
			t.Errorf("SumString of %d bytes = %#x, want %#x", tt.length, got, tt.want)
		}
	}
	if got, want := key.SumNumber(42), key.Sum(binary.LittleEndian.AppendUint64(nil, 42)); got != want {
		t.Errorf("SumNumber = %#x, want %#x", got, want)
	}
}

func TestKeyIsNotPrinted(t *testing.T) {
	key := Key{0xab, 0xab, 0xab, 0xab}
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%x", "%q"} {
		if got := fmt.Sprintf(verb, key); strings.Contains(got, "171") || strings.Contains(got, "abab") {
			t.Errorf("%s prints %s", verb, got)
		}
	}
	if key.Fingerprint() == (Key{}).Fingerprint() {
		t.Error("two keys have one fingerprint")
	}
}

func BenchmarkKeySumString(b *testing.B) {
	key := Key{1}
	for b.Loop() {
		key.SumString("/orders/18446744073709/items")
	}
}

package push

import (
	"strings"
	"testing"
)

func TestConfig(t *testing.T) {
	tests := []struct {
		name string
		cfg  Config
		want string // "" for none
	}{
		{"loopback", Config{Listen: "127.0.0.1:4318"}, ""},
		{"IPv6 loopback", Config{Listen: "[::1]:4318"}, ""},
		{"localhost", Config{Listen: "localhost:4318"}, ""},
		{"token", Config{Listen: ":4318", Token: "a"}, ""},
		{"everywhere without token", Config{Listen: ":4318"}, "set a token, or listen on a loopback address"},
		{"elsewhere without token", Config{Listen: "192.0.2.1:4318"}, "set a token"},
		{"no port", Config{Listen: "127.0.0.1"}, "want host:port"},
		{"token of two words", Config{Listen: ":1", Token: "secret word"}, "printable ASCII"},
		{"negative", Config{Listen: local, MaxBody: -1}, "must not be negative"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, err := New(tt.cfg, new(sink))
			if (err == nil) != (tt.want == "") || err != nil && (!strings.Contains(err.Error(), tt.want) || strings.Contains(err.Error(), "secret word")) {
				t.Errorf("got %v, want %q", err, tt.want)
			}
		})
	}
}

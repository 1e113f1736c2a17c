package document

import "testing"

func env(name string) (string, bool) {
	v, ok := map[string]string{"KEY": "0123456789abcdef0123", "EMPTY": "", "YAML": "a: b\n- c"}[name]
	return v, ok
}

func TestExpand(t *testing.T) {
	for in, want := range map[string]string{
		"": "", "plain": "plain", "${KEY}": "0123456789abcdef0123", "a${EMPTY}b": "ab", "${EMPTY:-x}": "x", "${NOPE:-}": "",
		"${NOPE:-a:-b}": "a:-b", "$$": "$", "$${KEY}": "${KEY}", "$remote_addr": "$remote_addr", "$": "$", "a$": "a$",
		"${YAML}": "a: b\n- c",
	} {
		if got, err := expand(in, env); got != want || err != nil {
			t.Errorf("expand(%q) = %q, %v; want %q", in, got, err, want)
		}
	}
	for _, in := range []string{"${}", "${NOPE}", "${1A}", "${A B}", "${KEY"} {
		if got, err := expand(in, env); err == nil {
			t.Errorf("expand(%q) = %q, want an error", in, got)
		}
	}
}

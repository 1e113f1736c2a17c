package spell

import (
	"strings"
	"testing"
)

func TestUnknown(t *testing.T) {
	known := []string{"nginx-json", "nginx-main", "apache", "path_scan"}
	for _, tt := range []struct{ name, in, want string }{
		{"a letter", "path_scam", `unknown thing "path_scam": did you mean path_scan?`},
		{"a part", "nginx", `did you mean nginx-json or nginx-main?`},
		{"case", "APACHE", "did you mean apache?"},
		{"nothing near", "xyzzyplugh", "want one of nginx-json, nginx-main, apache, path_scan"},
		{"nothing", "", "want one of"},
		{"a line feed", "a\nb", `unknown thing "a\nb"`},
		{"a long one", strings.Repeat("x", 1<<16), "want one of"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if got := Unknown("thing", tt.in, known); !strings.Contains(got, tt.want) {
				t.Errorf("Unknown: %.200s, want %q", got, tt.want)
			}
		})
	}
}

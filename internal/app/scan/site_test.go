package scan

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"gatewatch/internal/logfile"
)

func TestSites(t *testing.T) {
	for _, tt := range []struct {
		name  string
		paths []string
		want  []string
	}{
		{"one log", []string{"/var/log/nginx/access.log"}, []string{""}},
		{"a rotated log", []string{"access.log", "access.log.1", "access.log.2.gz", "access.log-20261122.zst"}, []string{"", "", "", ""}},
		{"two logs", []string{"shop.log", "shop.log.1", "api/access.log"}, []string{"shop", "shop", "access"}},
		{"names of digits", []string{"1", "2.log"}, []string{"1", "2"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			var sources []*logfile.Source
			for _, p := range tt.paths {
				sources = append(sources, &logfile.Source{Name: p})
			}
			if diff := cmp.Diff(tt.want, sites(sources)); diff != "" {
				t.Errorf("sites(%v) (-want +got):\n%s", tt.paths, diff)
			}
		})
	}
}

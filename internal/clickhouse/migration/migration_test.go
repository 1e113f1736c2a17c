package migration

import (
	"strings"
	"testing"
	"testing/fstest"
)

func TestRead(t *testing.T) {
	for _, tt := range []struct {
		name  string
		files []string
		sql   string
		want  string
	}{
		{"in order", []string{"0002_b.sql", "0001_a.sql"}, "SELECT 1", ""},
		{"gap", []string{"0001_a.sql", "0003_c.sql"}, "SELECT 1", "0003_c.sql"},
		{"number twice", []string{"0001_a.sql", "0001_b.sql"}, "SELECT 1", "0001_b.sql"},
		{"name", []string{"1_a.sql"}, "SELECT 1", "1_a.sql"},
		{"empty", []string{"0001_a.sql"}, "-- nothing", "no statements"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			from := fstest.MapFS{}
			for _, f := range tt.files {
				from[f] = &fstest.MapFile{Data: []byte(tt.sql)}
			}
			_, err := Read(from)
			if tt.want == "" && err != nil || tt.want != "" && (err == nil || !strings.Contains(err.Error(), tt.want)) {
				t.Errorf("Read(%v) = %v, want %q", tt.files, err, tt.want)
			}
		})
	}
}

package migration

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestStatements(t *testing.T) {
	for _, tt := range []struct {
		name, sql string
		want      []string
	}{
		{"none", "", nil},
		{"space and comments", " \n-- a; b\n/* c; */ ; ;", nil},
		{"two", "SELECT 1; SELECT 2;", []string{"SELECT 1", "SELECT 2"}},
		{"no end", "SELECT 1;\nSELECT 2", []string{"SELECT 1", "SELECT 2"}},
		{"string", "SELECT ';'; SELECT 2", []string{"SELECT ';'", "SELECT 2"}},
		{"escaped quote", `SELECT '\';'; SELECT 2`, []string{`SELECT '\';'`, "SELECT 2"}},
		{"doubled quote", "SELECT ''';'; SELECT 2", []string{"SELECT ''';'", "SELECT 2"}},
		{"escaped backslash", `SELECT '\\'; SELECT 2`, []string{`SELECT '\\'`, "SELECT 2"}},
		{"names", "SELECT `a;b`, \"c;d\"; SELECT 2", []string{"SELECT `a;b`, \"c;d\"", "SELECT 2"}},
		{"line comment", "SELECT 1 -- it's; not\n+ 1; SELECT 2", []string{"SELECT 1 -- it's; not\n+ 1", "SELECT 2"}},
		{"block comment", "SELECT 1 /* it's; */ + 1", []string{"SELECT 1 /* it's; */ + 1"}},
		{"comment in string", "SELECT '--'; SELECT '/*'", []string{"SELECT '--'", "SELECT '/*'"}},
		{"minus", "SELECT 1-1; SELECT 2", []string{"SELECT 1-1", "SELECT 2"}},
		{"heredoc", "SELECT $x$ ; ' $x$; SELECT $$;$$", []string{"SELECT $x$ ; ' $x$", "SELECT $$;$$"}},
		{"dollar", "SELECT $1; SELECT $2", []string{"SELECT $1", "SELECT $2"}},
		{"open string", "SELECT 'a; SELECT 2", []string{"SELECT 'a; SELECT 2"}},
		{"open comment", "SELECT 1 /* a; SELECT 2", []string{"SELECT 1 /* a; SELECT 2"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if diff := cmp.Diff(tt.want, statements(tt.sql)); diff != "" {
				t.Errorf("statements(%q) (-want +got):\n%s", tt.sql, diff)
			}
		})
	}
}

func FuzzStatements(f *testing.F) {
	f.Add("SELECT ';' -- x\n; $a$;$a$ /* */ `;`")
	f.Fuzz(func(t *testing.T, sql string) {
		rest := sql
		for _, s := range statements(sql) {
			i := strings.Index(rest, s)
			if i < 0 {
				t.Fatalf("statement %q is not in what is left of %q", s, sql)
			}
			rest = rest[i+len(s):]
		}
	})
}

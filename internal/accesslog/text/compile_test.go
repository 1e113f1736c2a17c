package text_test

import (
	"strings"
	"testing"

	"gatewatch/internal/accesslog/text"
)

func TestCompileRefuses(t *testing.T) {
	tests := []struct {
		name, server, layout string
		want                 string // in the error
	}{
		{"two variables in a row", "nginx", `$remote_addr$status [$time_local]`, `variable $status at position 13: nothing separates "status" from "remote_addr"`},
		{"json", "nginx", ` {"a":"$remote_addr"}`, "it is JSON"},
		{"lone dollar", "nginx", `$remote_addr $ $msec`, "position 14: a $ without the name"},
		{"open brace", "nginx", `$remote_addr ${msec`, "position 14: a $ without the name"},
		{"no time", "nginx", `$remote_addr "$request"`, "no time"},
		{"no client", "nginx", `$msec "$request"`, "no client"},
		{"nothing", "nginx", ``, "no fields"},
		{"literal only", "apache", `access`, "no fields"},
		{"unknown directive", "apache", `%h %t %Z`, "directive %Z at position 7: no such directive"},
		{"unknown unit", "apache", `%h %t %{h}T`, "directive %{h}T at position 7: no such directive"},
		{"strftime", "apache", `%h %{%c}t`, "directive %{%c}t at position 4: this notation of time"},
		{"open brace of a header", "apache", `%h %t %{Referer`, "directive %{Referer at position 7: no such directive"},
		{"percent at the end", "apache", `%h %t %`, "directive % at position 7: no such directive"},
		{"no separator", "apache", `%h%u %t`, "directive %u at position 3: nothing separates"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			compile := text.CompileNginx
			if tt.server == "apache" {
				compile = text.CompileApache
			}
			_, err := compile("site", tt.layout)
			if err == nil || !strings.Contains(err.Error(), tt.want) || !strings.Contains(err.Error(), `"site"`) {
				t.Errorf("compiling %q: %v; want %q", tt.layout, err, tt.want)
			}
		})
	}
}

// TestCompileKnown holds the nicknames of Apache's own configuration and well-known formats to compiling.
func TestCompileKnown(t *testing.T) {
	for _, layout := range []string{
		`%h %l %u %t \"%r\" %>s %b`,
		`%v:%p %h %l %u %t \"%r\" %>s %O \"%{Referer}i\" \"%{User-Agent}i\"`,
		`%h %l %u %t \"%r\" %>s %b \"%{Referer}i\" \"%{User-Agent}i\" %I %O`,
		`%a %{c}a %{end:usec}t %{begin:%d/%b/%Y:%H:%M:%S %z}t \"%m %U%q\" %!200,304{User-agent}i %D %{us}T %{UNIQUE_ID}e`,
		`%t %h %{SSL_PROTOCOL}x %{SSL_CIPHER}x \"%r\" %b`,
	} {
		if _, err := text.CompileApache("x", layout); err != nil {
			t.Error(err)
		}
	}
}

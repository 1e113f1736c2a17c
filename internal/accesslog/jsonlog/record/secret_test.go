package record

import "testing"

func TestSecretOf(t *testing.T) {
	tests := []struct {
		key  string
		want secrecy
	}{
		{"authorization", secretToken},
		{"Authorization", secretToken},
		{"request.headers.Proxy-Authorization", secretToken},
		{"request_X-Api-Key", secretToken},
		{"http_x_api_key", secretToken},
		{"req_authorization", secretToken},
		{"request_header_authorization", secretToken},
		{"cs(Cookie)", secretCookie},
		{"http_cookie", secretCookie},
		{"request.headers.cookie", secretCookie},
		{"resp_headers.Set-Cookie", secretOther},
		{"downstream_Set-Cookie", secretOther},
		{"resp_authorization", secretOther},
		{"sent_http_set_cookie", secretOther},
		{"Cookies.theme", secretOther},
		{"http_request.http_headers", secretOther},
		{"password", secretOther},
		{"user_agent", secretNone},
		{"x-request-id", secretNone},
		{"authorization_url_of_a_very_long_name_indeed", secretNone},
		{"", secretNone},
		{".", secretNone},
		{"(", secretNone},
	}
	for _, tt := range tests {
		if got := secretOf([]byte(tt.key)); got != tt.want {
			t.Errorf("secretOf(%q) = %d, want %d", tt.key, got, tt.want)
		}
	}
}

func TestSessionCookie(t *testing.T) {
	tests := []struct{ name, header, want string }{
		{"none", "theme=dark; lang=en", ""},
		{"Java", "theme=dark; JSESSIONID=abc", "abc"},
		{"PHP", "PHPSESSID=abc; x=y", "abc"},
		{"Express", "connect.sid=s%3Aabc", "s%3Aabc"},
		{"the first of several", "session=1; sid=2", "1"},
		{"empty value", "sid=; session_id=2", "2"},
		{"no value", "sid", ""},
		{"malformed", ";;=;= ;", ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := sessionCookie(tt.header); got != tt.want {
				t.Errorf("sessionCookie(%q) = %q, want %q", tt.header, got, tt.want)
			}
		})
	}
}

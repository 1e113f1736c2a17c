package lex

import (
	"strings"
	"testing"
	"time"
)

func TestClockCLF(t *testing.T) {
	tests := []struct{ name, in, want string }{
		{"zone", "10/Oct/2000:13:55:36 -0700", "2000-10-10T20:55:36Z"},
		{"same date again", "10/Oct/2000:13:55:37 -0700", "2000-10-10T20:55:37Z"},
		{"another zone", "10/Oct/2000:13:55:37 +0530", "2000-10-10T08:25:37Z"},
		{"haproxy", "06/Feb/2009:12:14:14.655", "2009-02-06T12:14:14.655Z"},
		{"fraction and zone", "06/Feb/2009:12:14:14.655123456 +0100", "2009-02-06T11:14:14.655123456Z"},
		{"leap day", "29/Feb/2000:00:00:00 +0000", "2000-02-29T00:00:00Z"},
		{"no leap day", "29/Feb/1900:00:00:00 +0000", ""},
		{"thirty-first of a short month", "31/Apr/2000:00:00:00 +0000", ""},
		{"day zero", "00/Apr/2000:00:00:00 +0000", ""},
		{"month", "10/Okt/2000:13:55:36 -0700", ""},
		{"hour 24", "10/Oct/2000:24:00:00 -0700", ""},
		{"minute 60", "10/Oct/2000:23:60:00 -0700", ""},
		{"leap second", "31/Dec/2016:23:59:60 +0000", "2017-01-01T00:00:00Z"},
		{"second 61", "31/Dec/2016:23:59:61 +0000", ""},
		{"point without digits", "10/Oct/2000:13:55:36. -0700", ""},
		{"short", "10/Oct/2000:13:55", ""},
		{"zone of letters", "10/Oct/2000:13:55:36 CEST", ""},
		{"byte above ASCII in the time", "10/Oct/2000:\xb013:55:3", ""},
		{"numeric month", "06/10/2021:11:19:31 -0000", ""},
		{"empty", "", ""},
	}
	var c Clock
	if got, ok := c.CLF([]byte(strings.Repeat("\x00", len(clfDate)) + ":12:00:00")); ok {
		t.Errorf("no date at all is read as %d", got)
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, ok := c.CLF([]byte(tt.in))
			checkTime(t, tt.in, tt.want, got, ok)
		})
	}
}

func TestClockISO(t *testing.T) {
	tests := []struct{ name, in, want string }{
		{"utc", "2024-02-29T23:59:59Z", "2024-02-29T23:59:59Z"},
		{"lower case", "2024-02-29t23:59:59z", "2024-02-29T23:59:59Z"},
		{"fraction", "2024-02-29T23:59:59.123Z", "2024-02-29T23:59:59.123Z"},
		{"comma", "2024-02-29T23:59:59,5Z", "2024-02-29T23:59:59.5Z"},
		{"nanoseconds", "2024-02-29T23:59:59.123456789+02:00", "2024-02-29T21:59:59.123456789Z"},
		{"finer than nanoseconds", "2024-02-29T23:59:59.1234567899Z", "2024-02-29T23:59:59.123456789Z"},
		{"zone without colon", "2024-02-29T23:59:59-0830", "2024-03-01T08:29:59Z"},
		{"zone of hours", "2024-02-29T23:59:59+02", "2024-02-29T21:59:59Z"},
		{"space, no zone", "2024-02-29 23:59:59", "2024-02-29T23:59:59Z"},
		{"space before zone", "2024-02-29 23:59:59 +0000", "2024-02-29T23:59:59Z"},
		{"first nanosecond time", "1677-09-21T00:12:45Z", "1677-09-21T00:12:45Z"},
		{"before it", "1677-09-20T00:00:00Z", ""},
		{"after the last", "2262-04-12T00:00:00Z", ""},
		{"year 1", "0001-01-01T00:00:00Z", ""},
		{"year 9999", "9999-12-31T23:59:59Z", ""},
		{"no separator", "2024-02-29x23:59:59Z", ""},
		{"month 13", "2024-13-01T00:00:00Z", ""},
		{"zone too far", "2024-01-01T00:00:00+24:00", ""},
		{"half a zone", "2024-01-01T00:00:00+02:0", ""},
		{"rubbish behind", "2024-01-01T00:00:00Zx", ""},
		{"date alone", "2024-01-01", ""},
	}
	var c Clock
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, ok := c.ISO([]byte(tt.in))
			checkTime(t, tt.in, tt.want, got, ok)
		})
	}
}

func TestClockZone(t *testing.T) {
	c := Clock{Zone: 7200}
	got, ok := c.CLF([]byte("06/Feb/2009:12:14:14.655"))
	checkTime(t, "haproxy time", "2009-02-06T10:14:14.655Z", got, ok)
	got, ok = c.Date([]byte("2009-02-06"), []byte("12:14:14"))
	checkTime(t, "date and time", "2009-02-06T10:14:14Z", got, ok)
}

func checkTime(t *testing.T, in, want string, got int64, ok bool) {
	t.Helper()
	shown := ""
	if ok {
		shown = time.Unix(0, got).UTC().Format(time.RFC3339Nano)
	}
	if shown != want {
		t.Errorf("reading %q = %q, want %q", in, shown, want)
	}
}

func FuzzClock(f *testing.F) {
	f.Add("10/Oct/2000:13:55:36 -0700", "11/Oct/2000:13:55:36 -0700")
	f.Add("2024-02-29T23:59:59.123Z", "2024-02-29T23:59:59.123+02:00")
	f.Add("2262-04-11T23:47:16Z", "1677-09-21T00:12:43Z")
	f.Fuzz(func(t *testing.T, first, s string) {
		var c, fresh Clock
		_, _ = c.CLF([]byte(first))
		_, _ = c.ISO([]byte(first))
		for _, layout := range []string{"02/Jan/2006:15:04:05 -0700", time.RFC3339Nano} {
			read, readFresh := c.CLF, fresh.CLF
			if layout == time.RFC3339Nano {
				read, readFresh = c.ISO, fresh.ISO
			}
			got, ok := read([]byte(s))
			if again, okAgain := readFresh([]byte(s)); again != got || ok != okAgain {
				t.Errorf("%q behind %q = %d, %v; alone %d, %v", s, first, got, ok, again, okAgain)
			}
			want, err := time.Parse(layout, s)
			odd := strings.Contains(s, ":60") || strings.Contains(s, "24:") || len(s) > 0 && s[0] == ' '
			if err != nil || odd || want.Year() < 1678 || want.Year() > 2261 {
				continue
			}
			// time.Parse lets the hour have one digit; no access log does.
			if !ok && strings.IndexByte(s[min(11, len(s)):], ':') == 2 {
				t.Errorf("%q is refused; time.Parse has %v", s, want)
			}
			if ok && got != want.UnixNano() {
				t.Errorf("%q = %d; time.Parse has %d", s, got, want.UnixNano())
			}
		}
	})
}

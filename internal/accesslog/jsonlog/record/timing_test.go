package record

import "testing"

func TestMicroseconds(t *testing.T) {
	tests := []struct {
		name, raw string
		in        Unit
		want      int64
		ok        bool
	}{
		{"seconds", "0.0000015", Seconds, 2, true}, // 1.5 µs, rounded half up
		{"seconds with an exponent", "1.5e-05", Seconds, 15, true},
		{"milliseconds", "12.5", Millis, 12500, true},
		{"nanoseconds", "1999", Nanos, 1, true},
		{"list", "0.001, 0.002 : 0.003", SecondsList, 6000, true},
		{"list with a gap", "-, 0.002", SecondsList, 2000, true},
		{"list of nothing", "-, -", SecondsList, -1, true},
		{"list of garbage", "0.001, x", SecondsList, 0, false},
		{"list that overflows", "9000000000000, 9000000000000", SecondsList, 0, false},
		{"spelled seconds", "0.058927s", Spelled, 58927, true},
		{"spelled milliseconds", "12ms", Spelled, 12000, true},
		{"spelled microseconds", "2.7µs", Spelled, 3, true},
		{"spelled in parts", "1h2m3.5s", Spelled, 3723500000, true}, // 3600 + 120 + 3.5 seconds
		{"spelled without a unit", "2.701e-06", Spelled, 3, true},
		{"spelled with a wrong unit", "3 parsecs", Spelled, 0, false},
		{"spelled, no number", "s", Spelled, 0, false},
		{"spelled, overflow", "9000000000h", Spelled, 0, false},
		{"negative", "-1", Seconds, 0, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, ok := microseconds([]byte(tt.raw), tt.in)
			if ok != tt.ok || ok && got != tt.want {
				t.Errorf("microseconds(%q) = %d, %v; want %d, %v", tt.raw, got, ok, tt.want, tt.ok)
			}
		})
	}
}

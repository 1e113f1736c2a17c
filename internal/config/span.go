package config

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// ParseSpan reads a duration as Go writes it ("1h30m"), and also whole days and weeks ("7d", "2w").
func ParseSpan(s string) (time.Duration, error) {
	for _, unit := range []struct {
		suffix string
		span   time.Duration
	}{{"d", 24 * time.Hour}, {"w", 7 * 24 * time.Hour}} {
		digits, ok := strings.CutSuffix(s, unit.suffix)
		if !ok {
			continue
		}
		// A hundred years keep the product within an int64.
		if n, err := strconv.Atoi(digits); err == nil && n >= 0 && n <= 36500 {
			return time.Duration(n) * unit.span, nil
		}
	}
	d, err := time.ParseDuration(s)
	if err != nil {
		return 0, fmt.Errorf("want a duration such as 90s, 10m, 24h or 7d, not %q", s)
	}
	return d, nil
}

// Package span reads and writes lengths of time as people do: as Go has them, and in whole days and weeks.
package span

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

const day = 24 * time.Hour

// Parse reads a duration as Go writes it ("1h30m"), and also whole days and weeks ("7d", "2w").
func Parse(s string) (time.Duration, error) {
	for _, unit := range []struct {
		suffix string
		span   time.Duration
	}{{"d", day}, {"w", 7 * day}} {
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

// Format writes a duration as Parse reads it, without parts that are zero.
func Format(d time.Duration) string {
	if d > 0 && d%day == 0 {
		return fmt.Sprintf("%dd", d/day)
	}
	s := d.String()
	if strings.HasSuffix(s, "m0s") {
		s = strings.TrimSuffix(s, "0s")
	}
	if strings.HasSuffix(s, "h0m") {
		s = strings.TrimSuffix(s, "0m")
	}
	return s
}

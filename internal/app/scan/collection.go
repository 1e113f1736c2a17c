package scan

import (
	"slices"

	"gatewatch/internal/finding"
)

// defaultFindings is how many findings are kept when nobody says.
const defaultFindings = 10_000

// collection keeps the final revisions of the worst findings. Who attacks decides how many there are, so it is bounded.
type collection struct {
	told    func(*finding.Finding)
	limit   int
	all     []finding.Finding
	dropped int64
}

// add keeps a finding's last revision; an episode that goes on is told again.
func (c *collection) add(f *finding.Finding) {
	if c.told != nil {
		c.told(f)
	}
	if f.Activity != finding.Close {
		return
	}
	if c.limit <= 0 {
		c.limit = defaultFindings
	}
	c.all = append(c.all, f.Clone())
	if len(c.all) >= 2*c.limit {
		c.cut()
	}
}

// cut puts the worst first and drops those beyond the limit.
func (c *collection) cut() {
	slices.SortFunc(c.all, func(a, b finding.Finding) int { return finding.Worse(&a, &b) })
	if c.limit > 0 && len(c.all) > c.limit {
		c.dropped += int64(len(c.all) - c.limit)
		clear(c.all[c.limit:])
		c.all = c.all[:c.limit]
	}
}

package evaluate

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"gatewatch/internal/finding"
)

// Mapping says which families of attacks a detector may rightly tell of besides its own.
type Mapping map[string][]string

// families of labels that no detector has for its own.
const bot = "bot"

// DefaultMapping has the detectors that tell tools, or how much is taken, and not by whom or what for: bots that read all there
// is are found by that.
func DefaultMapping() Mapping {
	return Mapping{
		"scanner_agent": {
			finding.FamilyCredential.String(), finding.FamilyEnumeration.String(), finding.FamilyInjection.String(),
		},
		"breadth_anomaly": {bot},
	}
}

// With is the mapping with one more "detector=family"; the mapping itself stays as it is.
func (m Mapping) With(pair string) (Mapping, error) {
	detector, family, ok := strings.Cut(pair, "=")
	if !ok || detector == "" || family == "" {
		return nil, fmt.Errorf("want DETECTOR=FAMILY, not %q", pair)
	}
	out := maps.Clone(m)
	if out == nil {
		out = Mapping{}
	}
	out[detector] = append(slices.Clone(out[detector]), family)
	return out, nil
}

// fits tells whether a detector may rightly tell of attacks of a family.
func (m Mapping) fits(detector, family string) bool {
	return finding.FamilyOf(detector).String() == family || slices.Contains(m[detector], family)
}

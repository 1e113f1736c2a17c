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

// DefaultMapping has the one detector that tells tools and not what is done with them.
func DefaultMapping() Mapping {
	return Mapping{"scanner_agent": {
		finding.FamilyCredential.String(), finding.FamilyEnumeration.String(), finding.FamilyInjection.String(),
	}}
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

package finding_test

import (
	"testing"

	"gatewatch/internal/detect"
	"gatewatch/internal/finding"
)

func TestFamilyOfEveryDetector(t *testing.T) {
	for _, d := range detect.Catalog() {
		name := d.Spec().Name
		if finding.FamilyOf(name) == finding.FamilyOther {
			t.Errorf("detector %s is in no family; add it to familyOf", name)
		}
	}
}

func TestParseFamily(t *testing.T) {
	for f := finding.FamilyOther; f <= finding.FamilyVolume; f++ {
		if got := finding.ParseFamily(f.String()); got != f {
			t.Errorf("ParseFamily(%q) = %v, want %v", f.String(), got, f)
		}
		if f.Title() == "" {
			t.Errorf("family %v has no title", f)
		}
	}
	if got := finding.ParseFamily("nonsense"); got != finding.FamilyOther {
		t.Errorf("ParseFamily of a name that is none = %v, want other", got)
	}
}

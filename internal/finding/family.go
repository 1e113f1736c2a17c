package finding

// Family is a kind of attack: findings of one family about one entity are one matter for the people who look into it.
type Family uint8

// The families.
const (
	FamilyOther       Family = iota // a matter of its own for each detector
	FamilyRecon                     // looking for what is there: paths, files, scanners
	FamilyCredential                // trying to log in as somebody
	FamilyEnumeration               // walking through objects or accounts
	FamilyInjection                 // requests made to be executed
	FamilyVolume                    // far more, less, slower or more often in vain than usual
	families
)

var familyNames = [families]string{"other", "reconnaissance", "credential_attack", "enumeration", "injection", "volume"}

var familyTitles = [families]string{
	"Suspicious activity", "Reconnaissance", "Credential attack", "Enumeration", "Injection attempts", "Anomalous volume",
}

// familyOf is the family of each detector's findings.
var familyOf = map[string]Family{
	"path_scan":            FamilyRecon,
	"sensitive_path":       FamilyRecon,
	"scanner_agent":        FamilyRecon,
	"login_bruteforce":     FamilyCredential,
	"credential_stuffing":  FamilyCredential,
	"distributed_stuffing": FamilyCredential,
	"account_attack":       FamilyCredential,
	"object_walk":          FamilyEnumeration,
	"breadth_anomaly":      FamilyEnumeration,
	"injection_probe":      FamilyInjection,
	"request_flood":        FamilyVolume,
	"volume_anomaly":       FamilyVolume,
	"exfiltration":         FamilyVolume,
	"traffic_surge":        FamilyVolume,
	"traffic_drop":         FamilyVolume,
	"error_spike":          FamilyVolume,
	"latency_shift":        FamilyVolume,
}

// FamilyOf is the family of a detector's findings.
func FamilyOf(detector string) Family { return familyOf[detector] }

// String is the family's name in notifications.
func (f Family) String() string {
	if f >= families {
		return familyNames[FamilyOther]
	}
	return familyNames[f]
}

// Title is the family as a headline.
func (f Family) Title() string {
	if f >= families {
		return familyTitles[FamilyOther]
	}
	return familyTitles[f]
}

// ParseFamily is the family of that name, FamilyOther when there is none.
func ParseFamily(name string) Family {
	for f, n := range familyNames {
		if n == name {
			return Family(f)
		}
	}
	return FamilyOther
}

// MarshalText writes the family's name.
func (f Family) MarshalText() ([]byte, error) { return []byte(f.String()), nil }

// UnmarshalText reads a family's name.
func (f *Family) UnmarshalText(b []byte) error {
	*f = ParseFamily(string(b))
	return nil
}

package finding

import "strings"

// attackVersion is the release of MITRE ATT&CK that the names below are from.
const attackVersion = "19.1"

// techniques are the names of the ATT&CK techniques that detectors speak of, by id.
var techniques = map[string]string{
	"T1046":     "Network Service Discovery",
	"T1078":     "Valid Accounts",
	"T1083":     "File and Directory Discovery",
	"T1087":     "Account Discovery",
	"T1110":     "Brute Force",
	"T1110.001": "Password Guessing",
	"T1110.003": "Password Spraying",
	"T1110.004": "Credential Stuffing",
	"T1119":     "Automated Collection",
	"T1190":     "Exploit Public-Facing Application",
	"T1213":     "Data from Information Repositories",
	"T1498":     "Network Denial of Service",
	"T1498.001": "Direct Network Flood",
	"T1499":     "Endpoint Denial of Service",
	"T1499.002": "Service Exhaustion Flood",
	"T1499.003": "Application Exhaustion Flood",
	"T1505":     "Server Software Component",
	"T1505.003": "Web Shell",
	"T1530":     "Data from Cloud Storage",
	"T1539":     "Steal Web Session Cookie",
	"T1552":     "Unsecured Credentials",
	"T1552.001": "Credentials In Files",
	"T1589":     "Gather Victim Identity Information",
	"T1589.001": "Credentials",
	"T1592":     "Gather Victim Host Information",
	"T1594":     "Search Victim-Owned Websites",
	"T1595":     "Active Scanning",
	"T1595.002": "Vulnerability Scanning",
	"T1595.003": "Wordlist Scanning",
}

// Technique is the name of an ATT&CK technique, "" when it is not one that detectors speak of.
func Technique(id string) string { return techniques[id] }

// ocsfAttacks maps technique ids to OCSF's attack objects: a sub-technique is given with its technique.
func ocsfAttacks(ids []string) []ocsfAttack {
	out := make([]ocsfAttack, 0, len(ids))
	for _, id := range ids {
		a := ocsfAttack{Version: attackVersion}
		parent, _, sub := strings.Cut(id, ".")
		a.Technique = &ocsfNamed{UID: parent, Name: Technique(parent)}
		if sub {
			a.SubTechnique = &ocsfNamed{UID: id, Name: Technique(id)}
		}
		out = append(out, a)
	}
	return out
}

package signature

import "strings"

// Family is a set of families of injection probe.
type Family uint32

// The families.
const (
	SQLi Family = 1 << iota
	XSS
	Traversal
	Command
	SSRF
	JNDI
	Template
	XXE
	LDAP
	NoSQL
	Shellshock
	CRLF
	Code // PHP and other server-side code
	Deserialization
	Protocol // no HTTP at all: TLS bytes, RDP cookies, shell code in place of a request line
)

var familyNames = [...]string{
	"sqli", "xss", "traversal", "command", "ssrf", "jndi", "template", "xxe", "ldap", "nosql", "shellshock", "crlf", "code",
	"deserialization", "protocol",
}

// Has tells whether the set has every family of g.
func (f Family) Has(g Family) bool { return f&g == g }

// String lists the families, joined by "|".
func (f Family) String() string {
	var names []string
	for i, n := range familyNames {
		if f.Has(1 << i) {
			names = append(names, n)
		}
	}
	return strings.Join(names, "|")
}

// Alarm is the score from which a request is an injection probe by itself; below it only repetition tells.
const Alarm = 5

// Verdict is what Inspect found in one request. It has no pointers and may be kept.
type Verdict struct {
	Families Family
	// Score sums the evidence as the Core Rule Set does: critical 5, error 4, warning 3, notice 2. A sign counts once,
	// however often it occurs, and no family counts more than twice Alarm.
	Score uint16
}

// Alarming tells whether the request is an injection probe by itself.
func (v Verdict) Alarming() bool { return v.Score >= Alarm }

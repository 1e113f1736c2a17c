package signature

import "strings"

// traits is a set of what a text is made of: the prefilter. Most requests have none that matters.
type traits uint16

const (
	traitPercent traits = 1 << iota
	traitQuote          // ' " `
	traitAngle          // < >
	traitGroup          // ( ) [ ]
	traitBrace          // $ { }
	traitShell          // ; | \ ^ ! * #
	traitSpace          // space, plus
	traitSlash
	traitColon
	traitHigh    // bytes of no ASCII
	traitControl // tabs and line ends among them
	traitAmp     // &, which separates parameters and begins character references
	traitDots    // two dots in a row
)

const (
	// Paths have slashes and colons of their own.
	pathTraits = traitPercent | traitQuote | traitAngle | traitGroup | traitBrace | traitShell | traitSpace | traitHigh | traitControl | traitDots
	// Words, paths and URLs in a query can be probes without any odd character ("1 or 1=1", "/etc/passwd").
	queryTraits = pathTraits | traitSlash | traitColon
	// User agents and referrers have parentheses, semicolons and percent signs as a rule.
	headerTraits = traitQuote | traitAngle | traitBrace | traitControl
	// These, or a word of SQL, make a text worth parsing.
	sqlTraits = traitQuote | traitGroup | traitBrace | traitShell
)

var traitTable = func() (t [256]traits) {
	for c := range 256 {
		switch {
		case c == ' ' || c == '+':
			t[c] = traitSpace
		case c < ' ' || c == 0x7f:
			t[c] = traitControl
		case c >= 0x80:
			t[c] = traitHigh
		}
	}
	for set, chars := range map[traits]string{
		traitPercent: "%", traitQuote: "'\"`", traitAngle: "<>", traitGroup: "()[]", traitBrace: "${}", traitShell: ";|\\^!*#", traitSlash: "/",
		traitColon: ":", traitAmp: "&",
	} {
		for _, c := range []byte(chars) {
			t[c] = set
		}
	}
	return t
}()

func traitsOf(s string) traits {
	t := charTraits(s)
	if strings.Contains(s, "..") {
		t |= traitDots
	}
	return t
}

// charTraits is traitsOf without traitDots. Four sums do not wait for each other.
func charTraits(s string) traits {
	var a, b, c, d traits
	for len(s) >= 8 {
		a |= traitTable[s[0]] | traitTable[s[1]]
		b |= traitTable[s[2]] | traitTable[s[3]]
		c |= traitTable[s[4]] | traitTable[s[5]]
		d |= traitTable[s[6]] | traitTable[s[7]]
		s = s[8:]
	}
	for i := range len(s) {
		a |= traitTable[s[i]]
	}
	return a | b | c | d
}

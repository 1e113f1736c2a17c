package signature

import "testing"

func TestStrings(t *testing.T) {
	tests := []struct{ got, want string }{
		{(SQLi | Protocol).String(), "sqli|protocol"},
		{Family(0).String(), ""},
		{AgentScanner.String(), "scanner"},
		{AgentClass(99).String(), "unknown"},
		{LureExploit.String(), "exploit"},
		{LureCategory(99).String(), "none"},
	}
	for _, tt := range tests {
		if tt.got != tt.want {
			t.Errorf("String() = %q, want %q", tt.got, tt.want)
		}
	}
	for i, n := range familyNames {
		if Family(1<<i).String() != n {
			t.Errorf("family %d is not %s", i, n)
		}
	}
	// The numbers that code counts under are those of the names.
	for num, name := range map[int]string{
		numSQLi: "sqli", numXSS: "xss", numTraversal: "traversal", numCommand: "command", numSSRF: "ssrf", numTemplate: "template",
		numCRLF: "crlf", numCode: "code", numSerial: "deserialization", numProtocol: "protocol",
	} {
		if familyNames[num] != name {
			t.Errorf("family %d is %s, not %s", num, familyNames[num], name)
		}
	}
}

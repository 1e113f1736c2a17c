// Package signature holds curated knowledge: which user agents are scanners, crawlers or monitors, which paths nobody
// asks for by accident, and what an injection probe looks like. The lists are data files, compiled once. The package
// says what a request looks like; whether that is news is for the detectors.
package signature

// AgentClass is a kind of user agent.
type AgentClass uint8

// The classes of user agent.
const (
	AgentUnknown AgentClass = iota
	AgentEmpty              // no user agent, or "-"
	AgentScanner            // attack tool or vulnerability scanner
	AgentLibrary            // HTTP library or command line tool
	AgentCrawler            // declares itself a crawler; whether it is one is not checked here
	AgentMonitor            // uptime or health check
	AgentBrowser
	AgentApp // mobile or desktop application
	agentClasses
)

var agentClassNames = [agentClasses]string{
	"unknown", "empty", "scanner", "library", "crawler", "monitor", "browser", "app",
}

// String is the class's name in findings and metrics.
func (c AgentClass) String() string {
	if c >= agentClasses {
		return agentClassNames[AgentUnknown]
	}
	return agentClassNames[c]
}

// Agent is what a user agent says it is.
type Agent struct {
	// Name is the product ("sqlmap", "Googlebot"), from our own list and never from the log; "" when only the class is known.
	Name  string
	Class AgentClass
	// Confidence is in percent: how surely the string means this class.
	Confidence uint8
}

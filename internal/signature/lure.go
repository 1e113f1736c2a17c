package signature

// LureCategory is a kind of sensitive path.
type LureCategory uint8

// The categories of lure.
const (
	LureNone     LureCategory = iota
	LureSecret                // keys, passwords, environment files
	LureVCS                   // version control metadata
	LureBackup                // backups, dumps, editor leftovers
	LureConfig                // configuration files
	LureConsole               // admin consoles that belong to no public site
	LureDebug                 // debug and status endpoints
	LureWebshell              // names of known web shells
	LureExploit               // paths of known vulnerabilities
	LureInfo                  // reveals the technology only (version files, API descriptions)
	lureCategories
)

var lureNames = [lureCategories]string{
	"none", "secret", "vcs", "backup", "config", "console", "debug", "webshell", "exploit", "info",
}

// String is the category's name in findings and metrics.
func (c LureCategory) String() string {
	if c >= lureCategories {
		return lureNames[LureNone]
	}
	return lureNames[c]
}

// Lure is a path that nobody asks for by accident.
type Lure struct {
	// Name is the pattern of our own list that matched, never text from the log.
	Name     string
	Category LureCategory
	// Weight is how telling one request is, 1 (happens by accident) to 5 (never).
	Weight uint8
}

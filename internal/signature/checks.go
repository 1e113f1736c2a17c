package signature

import (
	"strings"

	"gatewatch/internal/signature/literal"
)

// The signs that are found by code and not by the list; codeSigns has their scores.
const (
	signOverlong = iota
	signNUL
	signSQL
	signHTML
	signHeader
	signLineEnd
	signCommand
	signCommandLine
	signMetadataHost
	signPrivateHost
	signDisguisedHost
	signArithmetic
	signTautology
	signSerialized
	signJava
	signAddressHost
	signRemoteFile
	signHiddenDots
	signRawDots
	signNoHTTP
	signOtherProtocol
	signOperator
	signFieldOperator
	signSureOperator
	codeSignCount
)

// The numbers of the families that code counts for, as in familyNames.
const (
	numSQLi      = 0
	numXSS       = 1
	numTraversal = 2
	numCommand   = 3
	numSSRF      = 4
	numTemplate  = 6
	numNoSQL     = 9
	numCRLF      = 11
	numCode      = 12
	numSerial    = 13
	numProtocol  = 14
)

var codeSigns = [codeSignCount]sign{
	signOverlong:      {numTraversal, 5},
	signNUL:           {numTraversal, 4},
	signSQL:           {numSQLi, 3}, // the parser takes some free text for SQL: it needs a second sign
	signHTML:          {numXSS, 4},
	signHeader:        {numCRLF, 5},
	signLineEnd:       {numCRLF, 2},
	signCommand:       {numCommand, 3},
	signCommandLine:   {numCommand, 5},
	signMetadataHost:  {numSSRF, 5},
	signPrivateHost:   {numSSRF, 4},
	signDisguisedHost: {numSSRF, 5},
	signArithmetic:    {numTemplate, 5},
	signTautology:     {numSQLi, 5},
	signSerialized:    {numSerial, 5},
	signJava:          {numSerial, 5},
	signAddressHost:   {numSSRF, 2},
	signRemoteFile:    {numCode, 5},
	signHiddenDots:    {numTraversal, 5},
	signRawDots:       {numTraversal, 4},
	signNoHTTP:        {numProtocol, 2},
	signOtherProtocol: {numProtocol, 2},
	signOperator:      {numNoSQL, 2}, // of a nested filter: an API that offers them
	signFieldOperator: {numNoSQL, 4},
	signSureOperator:  {numNoSQL, 5},
}

// check looks for what a list of strings cannot say. s is decoded, plain is s as squeeze makes it.
func (p *Probe) check(s, plain string, from source) {
	if strings.IndexByte(s, 0) >= 0 && from != sourceLine {
		p.count(signNUL)
	}
	if strings.ContainsAny(s, "\r\n") && from != sourceLine {
		p.lineEnds(s)
	}
	if p.commands(plain) {
		p.count(signCommandLine)
	}
	if arithmetic(plain) {
		p.count(signArithmetic)
	}
	if p.hints&SQLi != 0 && tautology(plain) {
		p.count(signTautology)
	}
	if from == sourceName {
		p.operator(plain)
	}
	if from != sourceValue {
		return
	}
	if serialized(plain) {
		p.count(signSerialized)
	}
	if strings.HasPrefix(s, "rO0AB") || strings.HasPrefix(s, "\xac\xed\x00\x05") {
		p.count(signJava)
	}
	if remoteFile(plain) {
		p.count(signRemoteFile)
	}
	p.hosts(plain)
}

// climbs judges ".." in a path. Clients resolve it before they send, and nobody has a reason to write it in escapes.
func (p *Probe) climbs(raw, decoded string) {
	switch {
	case !strings.Contains(decoded, "/../") && !strings.HasPrefix(decoded, "../") && !strings.HasSuffix(decoded, "/.."):
	case strings.Contains(raw, "/.."):
		p.count(signRawDots)
	default:
		p.count(signHiddenDots)
	}
}

// remoteFile tells the URL of a file with a question mark behind, which makes a query of what an including program
// appends: "http://203.0.113.7/x.txt?".
func remoteFile(s string) bool {
	if len(s) < 12 || s[len(s)-1] != '?' || !strings.HasPrefix(s, "http") && !strings.HasPrefix(s, "ftp") {
		return false
	}
	_, rest, ok := strings.Cut(strings.TrimRight(s, "?"), "://")
	return ok && strings.LastIndexByte(rest, '.') > strings.IndexByte(rest, '/') && strings.IndexByte(rest, '/') > 0
}

// lineEnds looks for a header behind a line end: a name of letters and hyphens and a colon, or an HTTP status line.
func (p *Probe) lineEnds(s string) {
	for rest := s; ; {
		i := strings.IndexAny(rest, "\r\n")
		if i < 0 {
			return
		}
		rest = strings.TrimLeft(rest[i:], "\r\n \t")
		name, _, ok := strings.Cut(rest[:min(len(rest), 40)], ":")
		if strings.HasPrefix(rest, "HTTP/1.") || ok && headerNames[lowerShort(name)] {
			p.count(signHeader)
			return
		}
		if sure, _ := command(rest, 0, true); sure {
			p.count(signCommandLine)
		}
		p.count(signLineEnd)
	}
}

var headerNames = map[string]bool{
	"set-cookie": true, "location": true, "content-type": true, "content-length": true, "host": true, "refresh": true, "bcc": true, "cc": true,
	"x-forwarded-for": true, "transfer-encoding": true, "link": true, "access-control-allow-origin": true, "cookie": true, "connection": true,
	"user-agent": true, "x-forwarded-host": true, "clear-site-data": true, "x-xss-protection": true, "mime-version": true, "header": true,
}

// lowerShort is s in lower case if it is a header's name; anything else is "".
func lowerShort(s string) string {
	for i := range len(s) {
		if c := s[i]; c != '-' && (c < 'A' || c > 'z' || c > 'Z' && c < 'a') {
			return ""
		}
	}
	return strings.ToLower(s)
}

// commandWords are the commands that probes run. Those with "true" need an argument or no space in front, for they are
// words of English or of URLs as well.
var commandWords = map[string]bool{
	"id": true, "ls": true, "cat": true, "echo": true, "more": true, "less": true, "sort": true, "find": true, "host": true, "date": true, "time": true,
	"kill": true, "sleep": true, "ping": true, "dir": true, "type": true, "net": true, "set": true, "env": true, "ps": true, "nc": true, "head": true,
	"tail": true, "who": true, "wall": true, "exit": true, "cd": true, "cp": true, "mv": true, "rm": true, "touch": true, "vi": true, "sh": true, "ver": true,
	"start": true, "copy": true, "print": true, "reboot": true, "dig": true, "ftp": true, "ssh": true, "top": true, "w": true, "grep": true, "curl": true,
	"wget": true, "bash": true, "perl": true, "python": true, "python3": true, "ruby": true, "php": true, "node": true, "gcc": true, "make": true, "pwd": true,
	"hostname": true, "history": true, "shutdown": true, "telnet": true, "finger": true, "awk": true, "sed": true, "nl": true, "tac": true, "rev": true, "od": true,
	"whoami": false, "uname": false, "ifconfig": false, "ipconfig": false, "systeminfo": false, "netstat": false, "nslookup": false, "powershell": false,
	"tftp": false, "netcat": false, "ncat": false, "busybox": false, "printenv": false, "passwd": false, "chmod": false, "chown": false, "lsb_release": false,
	"dnsdomainname": false, "tasklist": false, "cmd": false, "socat": false, "mkfifo": false, "xxd": false, "base64": false, "getent": false, "regsvr32": false,
}

// commands looks for a command behind each of ; | & ` $( and counts it; true for one that cannot be English.
func (p *Probe) commands(s string) bool {
	for i := 0; i < len(s); i++ {
		switch s[i] {
		case ';', '|', '&', '`':
		case '(':
			if i == 0 || s[i-1] != '$' {
				continue
			}
		default:
			continue
		}
		from := skip(s, i+1, " |&")
		sure, found := command(s, from, s[from-1] != ' ' || i == 0)
		if sure {
			return true
		}
		if found {
			p.count(signCommand)
		}
		i = from - 1 // what was skipped is not looked at again: a run of bars costs no more than its length
	}
	return false
}

// command tells whether there is a command at s[from:], and whether that is sure: because it is no word of English, has an
// argument, or stands close to what is before it and ends the text.
func command(s string, from int, closeBy bool) (sure, found bool) {
	end := from
	for end < len(s) && end-from < 24 && (literal.IsWord(s[end]) || strings.IndexByte("/.\\'\"", s[end]) >= 0) {
		end++
	}
	word := s[from:end]
	if j := strings.LastIndexAny(word, "/\\"); j >= 0 {
		word = word[j+1:]
	}
	english, found := commandWords[strings.TrimSuffix(word, ".exe")]
	return found && (!english || closeBy && end == len(s) || argument(s[end:])), found
}

// argument tells what only a command line has behind a command.
func argument(s string) bool {
	if s == "" {
		return false
	}
	switch s[0] {
	case ';', '|', '&', '`', '<', '>', ')', '$':
		return true
	case ' ':
		return len(s) > 1 && strings.IndexByte("-/$%.~*\\|;&<>{`'\"0123456789", s[1]) >= 0 || len(s) > 5 && s[1:5] == "http"
	default:
		return false
	}
}

// arithmetic looks for two numbers and an operator in a template's braces: {{7*7}}, ${7*7}, #{7*7}, <%= 7*7 %>.
func arithmetic(s string) bool {
	for i := 1; i < len(s); i++ {
		if s[i] != '{' && (s[i] != '=' || s[i-1] != '%') && (s[i] != '(' || s[i-1] != '@') {
			continue
		}
		j := skip(s, i+1, " '\"(")
		k := skip(s, j, "0123456789")
		if k == j {
			continue
		}
		k = skip(s, k, " '\"")
		if k+1 < len(s) && strings.IndexByte("*+-/", s[k]) >= 0 {
			k = skip(s, k+1, " '\"")
			if k < len(s) && s[k] >= '0' && s[k] <= '9' {
				return true
			}
		}
	}
	return false
}

// tautology looks for "or 1=1", "and 'a'='a", ";if(12<13": two numbers or twice the same word compared behind a word of
// SQL that takes a condition.
func tautology(s string) bool {
	const filler = " '\"()"
	for _, word := range [...]string{"or", "and", "||", "&&", "where", "if", "iif", "having", "when"} {
		for rest := s; ; {
			i := strings.Index(rest, word)
			if i < 0 {
				break
			}
			j := i + len(word)
			from := skip(rest, j, filler)
			start := i == 0 || !literal.IsWord(rest[i-1])
			rest = rest[j:]
			if !start || from == j {
				continue
			}
			left, n := operand(rest, from-j)
			at := skip(rest, n, filler)
			if left == "" || at >= len(rest) || strings.IndexByte("=<>", rest[at]) < 0 {
				continue
			}
			right, _ := operand(rest, skip(rest, at, "=<>"+filler))
			if left == right || isNumber(left) && isNumber(right) {
				return true
			}
		}
	}
	return false
}

// operand reads a short word or number of s at i and tells where it ends.
func operand(s string, i int) (word string, end int) {
	end = i
	for end < len(s) && end-i < 16 && literal.IsWord(s[end]) {
		end++
	}
	return s[i:end], end
}

func isNumber(s string) bool { return s != "" && skip(s, 0, "0123456789") == len(s) }

// skip is the index of the first byte of s, from i on, that is not among set.
func skip(s string, i int, set string) int {
	for i < len(s) && strings.IndexByte(set, s[i]) >= 0 {
		i++
	}
	return i
}

// serialized tells a serialised PHP object or array: O:8:"stdClass", a:2:{i:0.
func serialized(s string) bool {
	if len(s) < 6 || s[0] != 'o' && s[0] != 'a' && s[0] != 'c' || s[1] != ':' {
		return false
	}
	i := skip(s, 2, "+0123456789")
	return i > 2 && i+1 < len(s) && s[i] == ':' && (s[i+1] == '"' || s[i+1] == '{')
}

package signature

import (
	"fmt"
	"math/bits"
	"strconv"
	"strings"
)

const (
	lureSegments   = 24 // segments of a path that are looked at, the last ones of a longer path
	lureDecoded    = 512
	lurePrefix     = 4 // bytes of a "name*" pattern that are hashed
	lureFilterBits = 1 << 14
)

// Lures recognises sensitive paths. It is immutable and may be shared.
//
// A path costs a hash and a look into a bit filter for each of its segments and for each dot of the last one, whatever the
// number of patterns.
type Lures struct {
	paths    map[uint32][]*lurePattern // by the hash of the first segment
	prefixes map[uint32][]*lurePattern // by the hash of the first bytes of a pattern "name*"
	exts     map[uint32]*lurePattern
	stems    map[uint32]*lurePattern
	archives map[uint32]string // the extensions that a stem may have
	filter   [lureFilterBits / 64]uint64
}

type lurePattern struct {
	lure Lure
	text string // whole pattern, in lower case, without the star
	rest string // what follows the first segment, with its slash
	star bool
}

// archiveExts are what a "stem" pattern may end in.
var archiveExts = []string{".zip", ".tar", ".tar.gz", ".tgz", ".gz", ".rar", ".7z", ".tar.bz2", ".bz2", ".tar.xz", ".xz", ".lz", ".zst"}

// NewLures compiles the embedded list.
func NewLures() (*Lures, error) {
	rows, err := readList("lures.txt", 4)
	if err != nil {
		return nil, err
	}
	l := &Lures{
		paths: map[uint32][]*lurePattern{}, prefixes: map[uint32][]*lurePattern{}, exts: map[uint32]*lurePattern{}, stems: map[uint32]*lurePattern{}, archives: map[uint32]string{},
	}
	for _, x := range archiveExts {
		l.archives[hashFold(x)] = x
	}
	for _, row := range rows {
		category, ok := nameIndex(lureNames[:], row[0])
		weight, err := strconv.ParseUint(row[1], 10, 8)
		if !ok || err != nil || weight < 1 || weight > 5 || !l.add(row[2], row[3], Lure{Name: row[3], Category: LureCategory(category), Weight: uint8(weight)}) {
			return nil, fmt.Errorf("lures.txt: %q is no entry", strings.Join(row, " "))
		}
	}
	return l, nil
}

func (l *Lures) add(kind, text string, lure Lure) bool {
	p := &lurePattern{lure: lure}
	p.text, p.star = strings.CutSuffix(text, "*")
	h := hashFold(p.text)
	switch kind {
	case "path":
		first, rest, more := strings.Cut(p.text, "/")
		if more {
			p.rest = "/" + rest
		}
		if p.star && !more {
			if len(first) < lurePrefix {
				return false
			}
			h = hashFold(first[:lurePrefix])
			l.prefixes[h] = append(l.prefixes[h], p)
			break
		}
		h = hashFold(first)
		l.paths[h] = append(l.paths[h], p)
	case "ext":
		l.exts[h] = p
	case "stem":
		l.stems[h] = p
	default:
		return false
	}
	l.filter[h%lureFilterBits/64] |= 1 << (h % 64)
	return true
}

func (l *Lures) may(h uint32) bool { return l.filter[h%lureFilterBits/64]&(1<<(h%64)) != 0 }

// Match tells whether the raw path asks for a sensitive file or endpoint, wherever the site is mounted. Of several signs
// the weightiest counts.
func (l *Lures) Match(path string) (Lure, bool) {
	match := l.match
	if strings.IndexByte(path, '%') >= 0 {
		match = l.matchEscaped
	}
	best := match(path)
	return *best, best != none
}

// none is what match returns for an ordinary path.
var none = &Lure{}

func (l *Lures) matchEscaped(path string) *Lure {
	var buf [lureDecoded]byte
	return l.match(view(decodePercent(buf[:0], path[max(0, len(path)-lureDecoded):])))
}

func (l *Lures) match(path string) *Lure {
	best := none
	segment, segments := 0, 0
	h, head := uint64(0), uint64(0)
	for i := range len(path) {
		c := lowerTable[path[i]]
		if c != '/' {
			h = hashStep(h, c)
			if i-segment == lurePrefix-1 {
				head = h
			}
			continue
		}
		if i > segment && segments < lureSegments {
			segments++
			best = heavier(best, l.segment(path, segment, h, head))
		}
		segment, h, head = i+1, 0, 0
	}
	if segment < len(path) && segments < lureSegments {
		best = heavier(best, l.segment(path, segment, h, head))
		best = heavier(best, l.file(path[segment:]))
		if isMigration(path[:segment], path[segment:]) && best.Category == LureBackup {
			best = migration
		}
	}
	return best
}

func heavier(a, b *Lure) *Lure {
	if b.Weight > a.Weight {
		return b
	}
	return a
}

// segment looks up the segment that starts at from, by the hashes of the whole and of its beginning.
func (l *Lures) segment(path string, from int, h, head uint64) *Lure {
	best := none
	if isHidden(path, from) {
		best = hidden
	}
	if whole := hashEnd(h); l.may(whole) {
		for _, p := range l.paths[whole] {
			if p.matches(path[from:]) {
				best = heavier(best, &p.lure)
			}
		}
	}
	if head == 0 {
		return best
	}
	if start := hashEnd(head); l.may(start) {
		for _, p := range l.prefixes[start] {
			if len(path)-from >= len(p.text) && strings.EqualFold(path[from:from+len(p.text)], p.text) {
				best = heavier(best, &p.lure)
			}
		}
	}
	return best
}

// matches tells whether s begins with the pattern, whole segments of it.
func (p *lurePattern) matches(s string) bool {
	n := len(p.text)
	if len(s) < n || !strings.EqualFold(s[:n], p.text) {
		return false
	}
	return p.star || len(s) == n || s[n] == '/' || s[n] == ';'
}

// hidden is the lure of a file or folder whose name begins with a dot and that the list does not know. Only .well-known
// is there to be asked for.
var hidden = &Lure{Name: "hidden file", Category: LureConfig, Weight: 3}

func isHidden(path string, from int) bool {
	s := path[from:]
	return len(s) > 2 && s[0] == '.' && s[1] != '.' && s[1] != '/' && s[1] != ';' && (len(s) < 11 || !strings.EqualFold(s[:11], ".well-known"))
}

// migration is the lure of the steps by which an application makes its tables: they hold no data, and some applications
// load them in the browser.
var migration = &Lure{Name: "migrations/*.sql", Category: LureInfo, Weight: 2}

// isMigration tells a file of SQL in a folder of migrations. The folders come with a slash at their end.
func isMigration(folders, name string) bool {
	if len(name) < 5 || !strings.EqualFold(name[len(name)-4:], ".sql") {
		return false
	}
	for _, x := range []string{"migrations/", "migration/", "migrate/"} {
		if len(folders) > len(x) && strings.EqualFold(folders[len(folders)-len(x):], x) && folders[len(folders)-len(x)-1] == '/' {
			return true
		}
	}
	return false
}

// shellName is the lure of scripts that call themselves a shell.
var shellName = &Lure{Name: "shell script", Category: LureWebshell, Weight: 4}

// isShellName tells names such as "s72_Shell.php". The name and its extension are given apart.
func isShellName(name, ext string) bool {
	if len(name) < 5 || !strings.EqualFold(name[len(name)-5:], "shell") {
		return false
	}
	for _, x := range []string{".php", ".asp", ".aspx", ".jsp", ".jspx", ".cfm", ".pl", ".cgi"} {
		if strings.EqualFold(x, ext) {
			return true
		}
	}
	return false
}

// file looks at the endings of the last segment, longest first, and at its name if it is an archive.
func (l *Lures) file(name string) *Lure {
	if name[len(name)-1] == '~' {
		return &l.exts[hashFold("~")].lure
	}
	i := strings.IndexByte(name, '.')
	for i >= 0 {
		ext := name[i:]
		if p := l.lookup(l.exts, ext); p != nil && i > 0 {
			return &p.lure
		}
		if p := l.lookup(l.stems, name[:i]); p != nil && l.isArchive(ext) {
			return &p.lure
		}
		if isShellName(name[:i], ext) {
			return shellName
		}
		next := strings.IndexByte(name[i+1:], '.')
		if next < 0 {
			break
		}
		i += 1 + next
	}
	return none
}

func (l *Lures) lookup(in map[uint32]*lurePattern, text string) *lurePattern {
	h := hashFold(text)
	if !l.may(h) {
		return nil
	}
	if p := in[h]; p != nil && strings.EqualFold(p.text, text) {
		return p
	}
	return nil
}

func (l *Lures) isArchive(ext string) bool {
	x := l.archives[hashFold(ext)]
	return x != "" && strings.EqualFold(x, ext)
}

// hashFold hashes s without regard to ASCII case: a step for each byte that costs two cycles, and one multiplication that
// spreads the bits. It only finds candidates, which are then compared.
func hashFold(s string) uint32 {
	h := uint64(0)
	for i := range len(s) {
		h = hashStep(h, lowerTable[s[i]])
	}
	return hashEnd(h)
}

func hashStep(h uint64, c byte) uint64 { return bits.RotateLeft64(h, 7) ^ uint64(c) }

func hashEnd(h uint64) uint32 { return uint32(h * 0x9e3779b97f4a7c15 >> 32) }

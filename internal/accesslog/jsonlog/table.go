package jsonlog

import (
	"strings"

	"gatewatch/internal/accesslog/format"
	"gatewatch/internal/event"
)

// rule says where the value of one key goes.
type rule struct {
	key  string
	to   column
	in   unit
	want string // of an expected column
}

// table is one format: an immutable value, shared by its parsers.
type table struct {
	name, about string
	// rules are in rising order of trust: where two of them fill the same field, the later one wins, whatever the order
	// of the keys in the record. A value that says nothing ("-", "", null) never wins.
	rules []rule
	// prefixes are the objects that the keys may be in; the empty one is the record itself. Nil means only that.
	prefixes []string
	// needs are sets of keys: a record is of this format when it has at least one key of each set.
	needs [][]string
	// refuses are keys that a record of this format never has.
	refuses []string
	// ignored are beginnings of keys that are of no use: anything below them that has no rule is left out of Unmapped.
	ignored []string
	// own is the beginning of the keys that are the event's own unmapped fields; it is not part of their names.
	own string
	// finish mends the event once all rules have run; nil for nothing to mend.
	finish func(p *parser, e *event.Event)

	index map[string]entry
	all   uint32 // the marks of all needs
}

// entry is what a table knows of one key.
type entry struct {
	rule  int    // index in rules, or noRule
	marks uint32 // the sets of needs that the key is in, and refused
}

const (
	noRule  = -1
	refused = uint32(1) << 31
)

// The first rules of every table have no key: they are for secrets under keys that no rule names.
const (
	ruleCredential = iota
	ruleCookies
	keylessRules
)

// compile makes the index. Of two rules with one key the later one wins.
func (t table) compile() *table {
	rules := make([]rule, keylessRules, keylessRules+len(t.rules))
	rules[ruleCredential] = rule{to: secretCredential}
	rules[ruleCookies] = rule{to: cookies}
	t.rules = append(rules, t.rules...)
	t.index = make(map[string]entry, len(t.rules))
	if t.prefixes == nil {
		t.prefixes = []string{""}
	}
	for _, prefix := range t.prefixes {
		for i, r := range t.rules[keylessRules:] {
			t.index[prefix+r.key] = entry{rule: keylessRules + i}
		}
		for n, keys := range t.needs {
			for _, key := range keys {
				t.mark(prefix+key, 1<<n)
			}
		}
		for _, key := range t.refuses {
			t.mark(prefix+key, refused)
		}
	}
	t.all = 1<<len(t.needs) - 1
	return &t
}

func (t *table) mark(key string, marks uint32) {
	e, ok := t.index[key]
	if !ok {
		e.rule = noRule
	}
	e.marks |= marks
	t.index[key] = e
}

// matches tells whether the marks of a record's keys make it one of this format.
func (t *table) matches(marks uint32) bool { return marks == t.all }

// look finds what to do with a key: a rule, or noRule and whether the value is kept as unmapped.
func (t *table) look(key []byte) (e entry, keep bool) {
	e, ok := t.index[string(key)]
	switch {
	case !ok || e.rule == noRule:
		e.rule = noRule
	case t.rules[e.rule].to == unmapped:
		e.rule = noRule
		return e, true
	default:
		return e, true
	}
	switch secretOf(key) {
	case secretNone:
	case secretToken:
		e.rule = ruleCredential
		return e, true
	case secretCookie:
		e.rule = ruleCookies
		return e, true
	default:
		return e, false
	}
	for _, prefix := range t.ignored {
		if strings.HasPrefix(string(key), prefix) {
			return e, false
		}
	}
	return e, true
}

func (t *table) definition() format.Definition {
	return format.Definition{Name: t.name, About: t.about, New: func() format.Parser { return newParser(t) }}
}

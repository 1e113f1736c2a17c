// Package record makes an event of a JSON record by a table: which flattened key goes to which field, in what unit. It
// knows no format; the tables are in package jsonlog. A parser remembers the shapes of the records it has read, so that
// the next record of a shape is read without looking up a key.
package record

import (
	"strings"

	"gatewatch/internal/accesslog/format"
	"gatewatch/internal/event"
)

// Rule says where the value of one key goes.
type Rule struct {
	Key  string
	To   Column
	In   Unit   // of a time or duration
	Want string // of an Expected column
}

// Table is one format. A value that says nothing ("-", "", null) is an absent one.
type Table struct {
	Name, About string
	// Rules are in rising order of trust: where two of them fill the same field, the later one wins, whatever the order
	// of the keys in the record. A value that is absent never wins.
	Rules []Rule
	// Prefixes are the objects that the keys may be in; the empty one is the record itself. Nil means only that.
	Prefixes []string
	// Needs are sets of keys: a record is of this format when it has at least one key of each set.
	Needs [][]string
	// Refuses are keys that a record of this format never has.
	Refuses []string
	// Ignored are beginnings of keys that are of no use: what has no rule is left out of the event's unmapped fields.
	Ignored []string
	// Own is the beginning of the keys that are the event's own unmapped fields; it is no part of their names.
	Own string
	// Finish mends the event once all rules have run; nil for nothing to mend.
	Finish func(e *event.Event)
}

// Definition is the table's format.
func (t Table) Definition() format.Definition { return t.compile().definition() }

// compiled is a table with its index: an immutable value, shared by its parsers.
type compiled struct {
	Table
	index map[string]entry
	all   uint32 // the marks of all needs
}

// entry is what a table knows of one key.
type entry struct {
	rule  int    // index in Rules, or noRule
	marks uint32 // the sets of Needs that the key is in, and refused
}

const (
	noRule  = -1
	refused = uint32(1) << 31
)

// The first rules of every compiled table have no key: they are for secrets under keys that no rule names.
const (
	ruleCredential = iota
	ruleCookies
	keylessRules
)

// compile makes the index. Of two rules with one key the later one wins.
func (t Table) compile() *compiled {
	rules := make([]Rule, keylessRules, keylessRules+len(t.Rules))
	rules[ruleCredential] = Rule{To: SecretCredential}
	rules[ruleCookies] = Rule{To: Cookies}
	t.Rules = append(rules, t.Rules...)
	if t.Prefixes == nil {
		t.Prefixes = []string{""}
	}
	c := &compiled{Table: t, index: make(map[string]entry, len(t.Rules)), all: 1<<len(t.Needs) - 1}
	for _, prefix := range t.Prefixes {
		for i, r := range t.Rules[keylessRules:] {
			c.index[prefix+r.Key] = entry{rule: keylessRules + i}
		}
		for n, keys := range t.Needs {
			c.mark(prefix, keys, 1<<n)
		}
		c.mark(prefix, t.Refuses, refused)
	}
	return c
}

func (c *compiled) mark(prefix string, keys []string, marks uint32) {
	for _, key := range keys {
		e, ok := c.index[prefix+key]
		if !ok {
			e.rule = noRule
		}
		e.marks |= marks
		c.index[prefix+key] = e
	}
}

// matches tells whether the marks of a record's keys make it one of this format.
func (c *compiled) matches(marks uint32) bool { return marks == c.all }

// look finds what to do with a key: a rule, or noRule and whether the value is kept as unmapped.
func (c *compiled) look(key []byte) (e entry, keep bool) {
	e, ok := c.index[string(key)]
	switch {
	case !ok || e.rule == noRule:
		e.rule = noRule
	case c.Rules[e.rule].To == Unmapped:
		e.rule = noRule
		return e, true
	default:
		return e, true
	}
	switch secretOf(key) {
	case secretNone:
		return e, !c.ignores(key)
	case secretToken:
		e.rule = ruleCredential
		return e, true
	case secretCookie:
		e.rule = ruleCookies
		return e, true
	default:
		return e, false
	}
}

func (c *compiled) ignores(key []byte) bool {
	for _, prefix := range c.Ignored {
		if strings.HasPrefix(string(key), prefix) {
			return true
		}
	}
	return false
}

func (c *compiled) definition() format.Definition {
	return format.Definition{Name: c.Name, About: c.About, New: func() format.Parser { return newParser(c) }}
}

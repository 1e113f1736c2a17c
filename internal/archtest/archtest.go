// Package archtest is the architecture as a test: which package belongs to which layer, what each layer may import, what
// core may not do, and how big a file or a package may grow. It judges a list of packages; the list of this module comes
// from `go list`. Whoever breaks a rule on purpose changes the rule here, with its reason, in the same commit.
package archtest

import (
	"cmp"
	"fmt"
	"slices"
)

// Module is the path of the module that the rules are for.
const Module = "gatewatch"

// Package is what the rules ask about one package. Tests are exempt: they may open files and wait.
type Package struct {
	Path    string // import path
	Name    string
	Imports []string
	Files   []File
}

// File is what the rules ask about one Go file that is no test.
type File struct {
	Name      string
	Lines     int  // all of them
	Code      int  // those that are neither blank nor comment
	Generated bool // says so in its first lines
	Deeds     []Deed
}

// Deed is something in a file that core does not do: reading a clock, starting a goroutine.
type Deed struct {
	Line int
	What string // "calls time.Now"
}

// Violation is one breach of one rule.
type Violation struct {
	Where string // a package or a file, relative to the module
	What  string
	Do    string // what to do about it
}

// String is the violation in one line.
func (v Violation) String() string { return fmt.Sprintf("%s %s: %s", v.Where, v.What, v.Do) }

// Check returns every violation of every rule, ordered by place.
func Check(packages []Package) []Violation {
	var all []Violation
	for i := range packages {
		p := &packages[i]
		layer := LayerOf(p.Path)
		all = append(all, checkLayer(p, layer)...)
		all = append(all, checkImports(p, layer)...)
		all = append(all, checkName(p)...)
		all = append(all, checkSize(p)...)
		if layer == Core {
			all = append(all, checkDeeds(p)...)
		}
	}
	slices.SortStableFunc(all, func(a, b Violation) int {
		return cmp.Or(cmp.Compare(a.Where, b.Where), cmp.Compare(a.What, b.What))
	})
	return all
}

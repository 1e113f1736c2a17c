package archtest

import (
	"cmp"
	"fmt"
)

const (
	// maxFile is the most lines of a file, comments included: what a reader can hold in mind.
	maxFile = 400
	// maxPackage is the most lines of code of a package, without tests, comments and blank lines, so that explaining
	// costs nothing.
	maxPackage = 1500
)

// catalogs are packages of many equals, one to a file, beside what runs them: they grow with every one, and a reader
// needs only one of them.
var catalogs = map[string]int{
	"internal/accesslog/jsonlog": 2500, // the walk, and a table for each format
	"internal/accesslog/text":    2500, // the scanners, and a file for each format
	"internal/detect":            7500, // the engine, and a file or a few for each detector
}

func checkSize(p *Package) []Violation {
	if LayerOf(p.Path) == House {
		return nil
	}
	var all []Violation
	code := 0
	for i := range p.Files {
		f := &p.Files[i]
		if f.Generated {
			continue
		}
		code += f.Code
		if f.Lines > maxFile {
			all = append(all, Violation{
				Where: place(p.Path) + "/" + f.Name,
				What:  fmt.Sprintf("has %d lines", f.Lines),
				Do:    fmt.Sprintf("a file has at most %d: give each noun a file of its own", maxFile),
			})
		}
	}
	limit := cmp.Or(catalogs[place(p.Path)], maxPackage)
	if code > limit {
		all = append(all, Violation{
			Where: place(p.Path),
			What:  fmt.Sprintf("has %d lines of code", code),
			Do:    fmt.Sprintf("a package has at most %d: split it along its nouns", limit),
		})
	}
	return all
}

func checkDeeds(p *Package) []Violation {
	var all []Violation
	for i := range p.Files {
		for _, d := range p.Files[i].Deeds {
			all = append(all, Violation{
				Where: fmt.Sprintf("%s/%s:%d", place(p.Path), p.Files[i].Name, d.Line),
				What:  d.What,
				Do:    "core is a fold over events: time is an argument, and one goroutine owns the state",
			})
		}
	}
	return all
}

package document

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"
)

// Fault is one thing wrong with a configuration file.
type Fault struct {
	File string
	Line int    // 0 when the file as a whole is meant
	Key  string // dotted path of the key; "" when the file as a whole is meant
	What string // and what to do about it
}

// Error is the fault in one line.
func (f *Fault) Error() string {
	var b strings.Builder
	b.WriteString(f.File)
	if f.Line > 0 {
		fmt.Fprintf(&b, ":%d", f.Line)
	}
	if f.Key != "" {
		b.WriteString(": " + f.Key)
	}
	return b.String() + ": " + f.What
}

// Fault notes a fault of a key.
func (d *Decoder) Fault(key, format string, args ...any) { d.fault(key, 0, format, args...) }

func (d *Decoder) fault(key string, line int, format string, args ...any) {
	if line == 0 {
		line = d.line(key)
	}
	d.faults = append(d.faults, &Fault{File: d.File, Line: line, Key: key, What: fmt.Sprintf(format, args...)})
}

// Warn notes what is not as it should be, and no fault.
func (d *Decoder) Warn(key, format string, args ...any) {
	d.warnings = append(d.warnings, &Fault{File: d.File, Line: d.line(key), Key: key, What: fmt.Sprintf(format, args...)})
}

// Warnings are what Warn noted.
func (d *Decoder) Warnings() []*Fault { return d.warnings }

// Faults is the number of faults noted so far.
func (d *Decoder) Faults() int { return len(d.faults) }

// FaultBelow tells whether a key, or one below it, has a fault.
func (d *Decoder) FaultBelow(key string) bool {
	return slices.ContainsFunc(d.faults, func(f *Fault) bool { return strings.HasPrefix(f.Key, key) })
}

// Has tells whether a key stands in the document.
func (d *Decoder) Has(key string) bool { return d.lines[key] > 0 }

// line is where a key stands or, when a default holds, the nearest key above it; 0 when that is the file.
func (d *Decoder) line(key string) int {
	for key != "" {
		if line := d.lines[key]; line > 0 {
			return line
		}
		key = key[:max(strings.LastIndexAny(key, ".["), 0)]
	}
	return 0
}

// Err is all faults, in the order of the document.
func (d *Decoder) Err() error {
	faults := d.faults
	slices.SortStableFunc(faults, func(a, b *Fault) int { return cmp.Compare(a.Line, b.Line) })
	errs := make([]error, 0, len(faults))
	for _, f := range faults {
		errs = append(errs, f)
	}
	return errors.Join(errs...)
}

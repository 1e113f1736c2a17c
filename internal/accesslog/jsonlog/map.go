package jsonlog

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"gatewatch/internal/accesslog/format"

	"gatewatch/internal/accesslog/jsonlog/record"
)

// unitNames are the units by the names that a configuration uses.
var unitNames = []struct {
	name       string
	in         record.Unit
	of, ofTime bool // of durations, of timestamps
}{
	{"s", record.Seconds, true, false},
	{"ms", record.Millis, true, false},
	{"us", record.Micros, true, false},
	{"ns", record.Nanos, true, false},
	{"text", record.Spelled, true, false},
	{"list_s", record.SecondsList, true, false},
	{"auto", record.AnyTime, false, true},
	{"rfc3339", record.RFC3339, false, true},
	{"clf", record.CLF, false, true},
	{"epoch_s", record.Seconds, false, true},
	{"epoch_ms", record.Millis, false, true},
	{"epoch_us", record.Micros, false, true},
	{"epoch_ns", record.Nanos, false, true},
}

// CompileMap makes a format of a field map: fields gives, for a column of the event, the flattened key of a record
// ("http.request.method", nested or with dots), and units the unit of a timestamp (auto, rfc3339, clf, epoch_s, epoch_ms,
// epoch_us, epoch_ns) or duration (s, ms, us, ns, text, list_s) column. Beside the event's columns, request (a request
// line), uri (path and query, or an absolute URL), protocol, cookies and traceparent are taken apart. All faults are
// told at once.
func CompileMap(name string, fields, units map[string]string) (format.Definition, error) {
	t := record.Table{Name: name, About: "a field map of the configuration"}
	var faults []error
	if name == "" {
		faults = append(faults, errors.New("the format has no name"))
	}
	columns := slices.Concat(wholeColumns, namedColumns)
	faults = append(faults, unknownColumns(fields, columns)...)
	for column := range units {
		if fields[column] == "" {
			faults = append(faults, fmt.Errorf("unit of %q: the column has no key", column))
		}
	}
	for _, c := range columns {
		key, ok := fields[c.name]
		if !ok {
			continue
		}
		if key == "" {
			faults = append(faults, fmt.Errorf("column %q: the key is empty", c.name))
		}
		in, err := unitFor(c, units[c.name])
		if err != nil {
			faults = append(faults, err)
		}
		t.Rules = append(t.Rules, record.Rule{Key: key, To: c.to, In: in})
	}
	needs, missing := needsOf(fields)
	t.Needs = needs
	if err := errors.Join(sorted(append(faults, missing...))...); err != nil {
		return format.Definition{}, fmt.Errorf("compiling JSON format %q: %w", name, err)
	}
	return t.Definition(), nil
}

func unknownColumns(fields map[string]string, columns []named) []error {
	names := make([]string, 0, len(columns))
	for _, c := range columns {
		names = append(names, c.name)
	}
	slices.Sort(names)
	var faults []error
	seen := make(map[string]string, len(fields))
	for column, key := range fields {
		if !slices.Contains(names, column) {
			faults = append(faults, fmt.Errorf("unknown column %q: the columns are %s", column, strings.Join(names, ", ")))
		}
		if other, ok := seen[key]; ok && key != "" {
			faults = append(faults, fmt.Errorf("columns %q and %q have the same key %q", min(column, other), max(column, other), key))
		}
		seen[key] = column
	}
	return faults
}

func unitFor(c named, name string) (record.Unit, error) {
	isTime := c.to == record.Timestamp
	isDuration := c.to == record.Duration || c.to == record.Upstream
	if name == "" {
		return c.in, nil
	}
	var valid []string
	for _, u := range unitNames {
		if (!isTime || !u.ofTime) && (!isDuration || !u.of) {
			continue
		}
		if u.name == name {
			return u.in, nil
		}
		valid = append(valid, u.name)
	}
	if valid == nil {
		return record.Plain, fmt.Errorf("unit of column %q: it has none", c.name)
	}
	return record.Plain, fmt.Errorf("unit of column %q: unknown unit %q: the units are %s", c.name, name, strings.Join(valid, ", "))
}

// needsOf are the keys that tell a record of the map, by what no event can do without.
func needsOf(fields map[string]string) (needs [][]string, faults []error) {
	for _, columns := range [][]string{
		{"timestamp"},
		{"client_ip", "peer_ip", "client_host", "xff"},
		{"method", "path", "route", "uri", "request", "request_line"},
	} {
		var keys []string
		for _, column := range columns {
			if key := fields[column]; key != "" {
				keys = append(keys, key)
			}
		}
		if keys == nil {
			faults = append(faults, fmt.Errorf("no key for any of the columns %s", strings.Join(columns, ", ")))
		}
		needs = append(needs, keys)
	}
	return needs, faults
}

// sorted puts faults in an order that does not depend on a map's.
func sorted(faults []error) []error {
	slices.SortFunc(faults, func(a, b error) int { return strings.Compare(a.Error(), b.Error()) })
	return faults
}

// Package document reads a YAML document into structs, strictly: it finds every fault, tells each by file, line and key, and
// expands variables of the environment in values. What the values mean is not its concern.
package document

import (
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"

	"go.yaml.in/yaml/v3"

	"gatewatch/internal/config/span"
	"gatewatch/internal/config/spell"
)

// maxDepth bounds how deep a file may nest; aliases count, so that one that contains itself ends.
const maxDepth = 12

// Decoder fills a struct from a YAML tree. yaml.v3 could do so too, but it would stop at the first fault of a kind, name
// no key, suggest nothing, and not expand variables. One goroutine owns it.
type Decoder struct {
	// File is the document's name.
	File string
	// Custom decodes types in a way of their own.
	Custom map[reflect.Type]func(n *yaml.Node, v reflect.Value, key string)

	lookup   func(string) (string, bool)
	faults   []*Fault
	warnings []*Fault
	lines    map[string]int // line of each key, by dotted path
}

// New makes a decoder; lookup finds variables of the environment, as os.LookupEnv does.
func New(file string, lookup func(string) (string, bool)) *Decoder {
	return &Decoder{File: file, lookup: lookup, lines: map[string]int{}}
}

// Into decodes a node into a value.
func (d *Decoder) Into(n *yaml.Node, v reflect.Value, key string) {
	if strings.Count(key, ".") > maxDepth {
		d.fault(key, n.Line, "nested too deep")
		return
	}
	for n.Kind == yaml.AliasNode {
		n = n.Alias
	}
	d.lines[key] = n.Line
	if n.Kind == yaml.ScalarNode && n.Tag == "!!null" {
		return // a key without a value keeps the default
	}
	if custom := d.Custom[v.Type()]; custom != nil {
		custom(n, v, key)
		return
	}
	switch v.Kind() {
	case reflect.Struct:
		d.Mapping(n, key, func(name string, value *yaml.Node, at string) { d.Field(v, name, value, at) })
	case reflect.Map:
		d.intoMap(n, v, key)
	case reflect.Slice:
		d.intoSlice(n, v, key)
	default:
		if n.Kind != yaml.ScalarNode {
			d.fault(key, n.Line, "want %s, not %s", wanted(v), found(n))
			return
		}
		d.scalar(n, v, key)
	}
}

// Mapping visits the members of a mapping.
func (d *Decoder) Mapping(n *yaml.Node, key string, visit func(name string, value *yaml.Node, at string)) {
	if n.Kind != yaml.MappingNode {
		d.fault(key, n.Line, "want a mapping of keys to values, not %s", found(n))
		return
	}
	seen := map[string]bool{}
	for i := 0; i+1 < len(n.Content); i += 2 {
		name := n.Content[i].Value
		at := strings.TrimPrefix(key+"."+name, ".")
		if seen[name] {
			d.fault(at, n.Content[i].Line, "stands twice: remove one")
			continue
		}
		seen[name] = true
		d.lines[at] = n.Content[i].Line
		visit(name, n.Content[i+1], at)
	}
}

// Field decodes a value into the field of a struct that has its name.
func (d *Decoder) Field(v reflect.Value, name string, value *yaml.Node, at string) {
	var known []string
	for f := range v.Type().Fields() {
		if !f.IsExported() {
			continue
		}
		if KeyName(f.Name) == name {
			d.Into(value, v.FieldByIndex(f.Index), at)
			return
		}
		known = append(known, KeyName(f.Name))
	}
	d.fault(at, d.lines[at], "%s", spell.Unknown("key", name, known))
}

func (d *Decoder) intoMap(n *yaml.Node, v reflect.Value, key string) {
	v.Set(reflect.MakeMap(v.Type()))
	d.Mapping(n, key, func(name string, value *yaml.Node, at string) {
		item := reflect.New(v.Type().Elem()).Elem()
		d.Into(value, item, at)
		v.SetMapIndex(reflect.ValueOf(name), item)
	})
}

// intoSlice decodes a list; one value stands for a list of one.
func (d *Decoder) intoSlice(n *yaml.Node, v reflect.Value, key string) {
	items := []*yaml.Node{n}
	if n.Kind == yaml.SequenceNode {
		items = n.Content
	}
	list := reflect.MakeSlice(v.Type(), len(items), len(items))
	for i, item := range items {
		d.Into(item, list.Index(i), fmt.Sprintf("%s[%d]", key, i))
	}
	v.Set(list)
}

func (d *Decoder) scalar(n *yaml.Node, v reflect.Value, key string) {
	s, err := expand(n.Value, d.lookup)
	if err != nil {
		d.fault(key, n.Line, "%s", err)
		return
	}
	if v.Type() == reflect.TypeFor[time.Duration]() {
		long, err := span.Parse(s)
		if err != nil {
			d.fault(key, n.Line, "%s", err)
			return
		}
		v.SetInt(int64(long))
		return
	}
	ok := true
	switch v.Kind() {
	case reflect.String:
		v.SetString(s)
	case reflect.Bool:
		var b bool
		b, err = strconv.ParseBool(strings.ToLower(s))
		v.SetBool(b)
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		var i int64
		i, err = strconv.ParseInt(strings.ReplaceAll(s, "_", ""), 10, v.Type().Bits())
		v.SetInt(i)
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		var u uint64
		u, err = strconv.ParseUint(strings.ReplaceAll(s, "_", ""), 10, v.Type().Bits())
		v.SetUint(u)
	case reflect.Float32, reflect.Float64:
		var f float64
		f, err = strconv.ParseFloat(s, v.Type().Bits())
		v.SetFloat(f)
		ok = f-f == 0 // neither infinite nor NaN
	default:
		ok = false
	}
	if err != nil || !ok {
		d.fault(key, n.Line, "want %s, not %q", wanted(v), s)
	}
}

// wanted says what a value of that type looks like.
func wanted(v reflect.Value) string {
	if v.Type() == reflect.TypeFor[time.Duration]() {
		return "a duration such as 10m"
	}
	switch v.Kind() {
	case reflect.Bool:
		return "true or false"
	case reflect.Float32, reflect.Float64:
		return "a number"
	case reflect.String:
		return "a text"
	default:
		return "a whole number"
	}
}

func found(n *yaml.Node) string {
	switch n.Kind {
	case yaml.SequenceNode:
		return "a list"
	case yaml.MappingNode:
		return "a mapping"
	default:
		return strconv.Quote(n.Value)
	}
}

// products are names that are one word in a key.
var products = strings.NewReplacer("ClickHouse", "Clickhouse", "PagerDuty", "Pagerduty")

// KeyName is a field's name as a key: MaxLine is max_line, HashKeyFile hash_key_file, JSON json.
func KeyName(name string) string {
	var b strings.Builder
	runes := []rune(products.Replace(name))
	for i, r := range runes {
		starts := i > 0 && unicode.IsUpper(r) && (!unicode.IsUpper(runes[i-1]) || i+1 < len(runes) && unicode.IsLower(runes[i+1]))
		if starts {
			b.WriteByte('_')
		}
		b.WriteRune(unicode.ToLower(r))
	}
	return b.String()
}

// Keys are the keys of a struct.
func Keys(t reflect.Type) []string {
	var out []string
	for f := range t.Fields() {
		if f.IsExported() {
			out = append(out, KeyName(f.Name))
		}
	}
	slices.Sort(out)
	return out
}

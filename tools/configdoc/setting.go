package main

import (
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"

	"gatewatch/internal/config/document"
)

// setting is one key of the file.
type setting struct{ key, kind, about, fallback string }

// source is the structs of Go files, by name.
type source struct {
	fset    *token.FileSet
	structs map[string]*ast.StructType
	fields  map[string]bool // names of all their fields
	faults  []error
}

// sourceFile is a Go file that has been read.
type sourceFile struct {
	name string
	text []byte
}

// settings reads the keys from the struct Config and the structs in it, in the order of their definition.
func settings(files ...sourceFile) ([]setting, error) {
	s := &source{fset: token.NewFileSet(), structs: map[string]*ast.StructType{}, fields: map[string]bool{}}
	for _, f := range files {
		if err := s.parse(f); err != nil {
			return nil, err
		}
	}
	if s.structs["Config"] == nil {
		return nil, errors.New("no struct Config in the sources")
	}
	for _, st := range s.structs {
		for _, f := range st.Fields.List {
			for _, id := range f.Names {
				s.fields[id.Name] = true
			}
		}
	}
	list := s.of("Config", "")
	return list, errors.Join(s.faults...)
}

func (s *source) parse(f sourceFile) error {
	file, err := parser.ParseFile(s.fset, f.name, f.text, parser.ParseComments|parser.SkipObjectResolution)
	if err != nil {
		return fmt.Errorf("parsing source: %w", err)
	}
	for _, decl := range file.Decls {
		d, ok := decl.(*ast.GenDecl)
		if !ok {
			continue
		}
		for _, spec := range d.Specs {
			if t, ok := spec.(*ast.TypeSpec); ok {
				if st, ok := t.Type.(*ast.StructType); ok {
					s.structs[t.Name.Name] = st
				}
			}
		}
	}
	return nil
}

// of lists the keys of a struct, with what stands before them.
func (s *source) of(name, prefix string) []setting {
	var list []setting
	for _, f := range s.structs[name].Fields.List {
		for _, id := range f.Names {
			if !id.IsExported() {
				continue
			}
			if f.Doc.Text() == "" {
				s.faults = append(s.faults, fmt.Errorf("%s: %s.%s has no comment", s.fset.Position(id.Pos()), name, id.Name))
			}
			list = append(list, s.field(id.Name, f, prefix)...)
		}
	}
	return list
}

// field is one field, and what is in it.
func (s *source) field(name string, f *ast.Field, prefix string) []setting {
	about, fallback := s.split(name, f.Doc.Text())
	kind, inner, member := kindOf(f.Type)
	if s.structs[inner] == nil {
		return []setting{{prefix + document.KeyName(name), kind, about, fallback}}
	}
	list := []setting{{prefix + document.KeyName(name), kind, about, fallback}}
	return append(list, s.of(inner, prefix+document.KeyName(name)+"."+member)...)
}

// kindOf says in YAML's words what a value is, and names the type inside and the place of a name that the user chooses.
func kindOf(e ast.Expr) (kind, inner, member string) {
	switch t := e.(type) {
	case *ast.ArrayType:
		if _, ok := t.Elt.(*ast.SelectorExpr); ok {
			return "mapping", "", ""
		}
		return "list of texts", "", ""
	case *ast.SelectorExpr:
		return "duration", "", "" // time.Duration is the only one
	case *ast.MapType:
		_, inner, _ = kindOf(t.Value)
		return "mapping", inner, "NAME."
	case *ast.Ident:
		switch t.Name {
		case "string", "Secret":
			return "text", t.Name, ""
		case "int":
			return "whole number", t.Name, ""
		case "bool":
			return "true or false", t.Name, ""
		default:
			return "mapping", t.Name, ""
		}
	default:
		return "", "", ""
	}
}

var (
	defaultIs = regexp.MustCompile(`(?s)^(.*?)\s*Default: (.*)\.$`)
	inPlace   = regexp.MustCompile(`in place of ([A-Z]\w*)`)
	humps     = regexp.MustCompile(`\b(?:[A-Z][a-z]+){2,}\b`)
)

// split takes the field's name off its comment, and the default apart.
func (s *source) split(name, comment string) (about, fallback string) {
	about = strings.Join(strings.Fields(comment), " ")
	if m := defaultIs.FindStringSubmatch(about); m != nil {
		about, fallback = m[1], m[2]
	}
	about = strings.TrimPrefix(about, name+" ")
	about = strings.TrimPrefix(strings.TrimPrefix(about, "is "), "are ")
	about = humps.ReplaceAllStringFunc(about, func(word string) string {
		key := document.KeyName(word)
		if !s.fields[word] || !strings.Contains(key, "_") { // a product is a word, though a key has its name
			return word
		}
		return "`" + key + "`"
	})
	about = inPlace.ReplaceAllStringFunc(about, func(phrase string) string {
		word := strings.TrimPrefix(phrase, "in place of ")
		if !s.fields[word] {
			return phrase
		}
		return "in place of `" + document.KeyName(word) + "`"
	})
	first, size := utf8.DecodeRuneInString(about)
	return string(unicode.ToUpper(first)) + about[size:], fallback
}

package main

import (
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"gatewatch/internal/config/document"
)

// doc is what a detector's source says about it.
type doc struct {
	at       string // file:line of the comment
	kind     string // the type's name
	intro    string
	sections []section
	settings []setting
}

// section is one label with its text.
type section struct{ label, text string }

// setting is one field of the detector's configuration.
type setting struct{ key, kind, about string }

// sources are the declarations of a package that matter here, by type.
type sources struct {
	fset    *token.FileSet
	types   map[string]*ast.GenDecl
	structs map[string]*ast.StructType
	names   map[string]string // type → the name that its Spec method gives
}

// parse reads the detectors of a package, by name: the types whose Spec method gives one.
func parse(dir string) (map[string]doc, error) {
	src, err := load(dir)
	if err != nil {
		return nil, err
	}
	docs := map[string]doc{}
	var errs []error
	for kind, name := range src.names {
		decl := src.types[kind]
		if decl == nil || decl.Doc == nil {
			errs = append(errs, fmt.Errorf("%s: detector %s has no doc comment", dir, kind))
			continue
		}
		d, err := src.document(kind, decl)
		errs = append(errs, err)
		docs[name] = d
	}
	return docs, errors.Join(errs...)
}

func load(dir string) (*sources, error) {
	src := &sources{
		fset: token.NewFileSet(), types: map[string]*ast.GenDecl{}, structs: map[string]*ast.StructType{},
		names: map[string]string{},
	}
	files, err := filepath.Glob(filepath.Join(dir, "*.go"))
	if err != nil || len(files) == 0 {
		return nil, fmt.Errorf("no Go files in %s", dir)
	}
	for _, path := range files {
		if strings.HasSuffix(path, "_test.go") {
			continue
		}
		text, err := os.ReadFile(path)
		if err != nil {
			return nil, fmt.Errorf("reading source: %w", err)
		}
		tree, err := parser.ParseFile(src.fset, path, text, parser.ParseComments|parser.SkipObjectResolution)
		if err != nil {
			return nil, fmt.Errorf("parsing source: %w", err)
		}
		for _, decl := range tree.Decls {
			src.declare(decl)
		}
	}
	return src, nil
}

func (s *sources) declare(decl ast.Decl) {
	switch d := decl.(type) {
	case *ast.GenDecl:
		for _, spec := range d.Specs {
			t, ok := spec.(*ast.TypeSpec)
			if !ok {
				continue
			}
			s.types[t.Name.Name] = d
			if st, ok := t.Type.(*ast.StructType); ok {
				s.structs[t.Name.Name] = st
			}
		}
	case *ast.FuncDecl:
		if d.Name.Name != "Spec" || d.Recv == nil || len(d.Recv.List) != 1 {
			return
		}
		recv, ok := d.Recv.List[0].Type.(*ast.Ident)
		if name := specName(d); ok && name != "" {
			s.names[recv.Name] = name
		}
	}
}

// specName is the Name in the Spec literal of a method.
func specName(fn *ast.FuncDecl) (name string) {
	ast.Inspect(fn, func(n ast.Node) bool {
		lit, ok := n.(*ast.CompositeLit)
		if !ok {
			return true
		}
		if id, ok := lit.Type.(*ast.Ident); !ok || id.Name != "Spec" {
			return true
		}
		for _, e := range lit.Elts {
			if v, ok := keyed(e, "Name"); ok {
				name = v
			}
		}
		return false
	})
	return name
}

// keyed is the string that a composite literal's element gives to a key.
func keyed(e ast.Expr, key string) (string, bool) {
	kv, ok := e.(*ast.KeyValueExpr)
	if !ok {
		return "", false
	}
	id, isIdent := kv.Key.(*ast.Ident)
	lit, isLit := kv.Value.(*ast.BasicLit)
	if !isIdent || !isLit || id.Name != key {
		return "", false
	}
	v, err := strconv.Unquote(lit.Value)
	return v, err == nil
}

func (s *sources) document(kind string, decl *ast.GenDecl) (doc, error) {
	at := s.fset.Position(decl.Doc.Pos())
	d := doc{at: fmt.Sprintf("%s:%d", at.Filename, at.Line), kind: kind}
	var err error
	if d.intro, d.sections, err = split(strings.Split(decl.Doc.Text(), "\n")); err != nil {
		return d, fmt.Errorf("%s: %s: %w", d.at, kind, err)
	}
	thresholds := s.structs[kind+"Config"]
	if thresholds == nil {
		return d, nil
	}
	for _, f := range thresholds.Fields.List {
		about := strings.TrimSpace(f.Doc.Text() + f.Comment.Text())
		for _, name := range f.Names {
			if about == "" {
				at := s.fset.Position(name.Pos())
				return d, fmt.Errorf("%s:%d: %sConfig.%s has no comment", at.Filename, at.Line, kind, name.Name)
			}
			d.settings = append(d.settings, setting{key: document.KeyName(name.Name), kind: typeName(f.Type), about: oneLine(about)})
		}
	}
	return d, nil
}

func typeName(e ast.Expr) string {
	switch t := e.(type) {
	case *ast.SelectorExpr:
		return strings.ToLower(t.Sel.Name)
	case *ast.Ident:
		return map[string]string{"float64": "number", "int": "integer", "uint8": "integer", "uint32": "integer", "bool": "true or false"}[t.Name]
	default:
		return ""
	}
}

func oneLine(s string) string { return strings.Join(strings.Fields(s), " ") }

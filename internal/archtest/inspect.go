package archtest

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/scanner"
	"go/token"
	"slices"
	"strings"
)

// clockCalls are the functions of package time that read a clock or wait for one.
var clockCalls = []string{
	"After", "AfterFunc", "NewTicker", "NewTimer", "Now", "Since", "Sleep", "Tick", "Until",
}

// Inspect reads one Go file.
func Inspect(name string, src []byte) (File, error) {
	fset := token.NewFileSet()
	tree, err := parser.ParseFile(fset, name, src, parser.ParseComments|parser.SkipObjectResolution)
	if err != nil {
		return File{}, fmt.Errorf("parsing: %w", err)
	}
	f := File{Name: name, Generated: ast.IsGenerated(tree)}
	f.Lines, f.Code = count(src)
	clock := importName(tree, "time")
	ast.Inspect(tree, func(n ast.Node) bool {
		if what := deed(n, clock); what != "" {
			f.Deeds = append(f.Deeds, Deed{Line: fset.Position(n.Pos()).Line, What: what})
		}
		return true
	})
	return f, nil
}

// deed is what a node does that core does not do, "" when it is nothing of the kind.
func deed(n ast.Node, clock string) string {
	switch n := n.(type) {
	case *ast.GoStmt:
		return "starts a goroutine"
	case *ast.SelectStmt:
		return "waits in a select"
	case *ast.ChanType:
		return "uses a channel"
	case *ast.SelectorExpr:
		x, ok := n.X.(*ast.Ident)
		if ok && clock != "" && x.Name == clock && slices.Contains(clockCalls, n.Sel.Name) {
			return "uses time." + n.Sel.Name
		}
	}
	return ""
}

// importName is the name under which a file knows a package, "" when it does not.
func importName(tree *ast.File, path string) string {
	for _, i := range tree.Imports {
		if strings.Trim(i.Path.Value, `"`) != path {
			continue
		}
		if i.Name != nil {
			return i.Name.Name
		}
		return path
	}
	return ""
}

// count counts a file's lines, and those with code on them.
func count(src []byte) (lines, code int) {
	fset := token.NewFileSet()
	file := fset.AddFile("", -1, len(src))
	var s scanner.Scanner
	s.Init(file, src, nil, 0) // mode 0 leaves comments out
	last := 0
	for {
		pos, tok, lit := s.Scan()
		if tok == token.EOF {
			return file.LineCount(), code
		}
		if tok == token.SEMICOLON && lit == "\n" {
			continue // inserted at the end of a line that has been counted
		}
		first := file.Line(pos)
		end := first + strings.Count(lit, "\n") // a raw string spans lines
		code += max(end-max(first-1, last), 0)
		last = max(last, end)
	}
}

package archtest

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
)

// listed is the part of `go list -json` that is of use here.
type listed struct {
	ImportPath string
	Name       string
	Dir        string
	Imports    []string
	GoFiles    []string
	CgoFiles   []string
}

// Load lists the module's packages with their sources. dir is anywhere in the module.
func Load(dir string) ([]Package, error) {
	cmd := exec.Command("go", "list", "-e", "-json=ImportPath,Name,Dir,Imports,GoFiles,CgoFiles", Module+"/...") //nolint:noctx // it ends by itself
	cmd.Dir = dir
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		return nil, fmt.Errorf("listing packages: %w: %s", err, stderr.Bytes())
	}
	var packages []Package
	for dec := json.NewDecoder(bytes.NewReader(out)); ; {
		var l listed
		if err := dec.Decode(&l); errors.Is(err, io.EOF) {
			return packages, nil
		} else if err != nil {
			return nil, fmt.Errorf("decoding package list: %w", err)
		}
		p, err := l.load()
		if err != nil {
			return nil, err
		}
		packages = append(packages, p)
	}
}

func (l *listed) load() (Package, error) {
	p := Package{Path: l.ImportPath, Name: l.Name, Imports: l.Imports}
	for _, name := range append(l.GoFiles, l.CgoFiles...) {
		src, err := os.ReadFile(filepath.Join(l.Dir, name))
		if err != nil {
			return p, fmt.Errorf("reading source: %w", err)
		}
		f, err := Inspect(name, src)
		if err != nil {
			return p, fmt.Errorf("reading source: %w", err)
		}
		p.Files = append(p.Files, f)
	}
	return p, nil
}

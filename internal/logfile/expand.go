package logfile

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// DirectoryRule says which files of a directory are taken for access logs.
const DirectoryRule = `A directory stands for the access logs in it and below it: regular files, not hidden, whose
name, without .gz, .bz2, .zst or .xz and a rotation suffix (.1, -20261122), contains "access"
or ends in .log, .jsonl or .ndjson, and does not contain "error".`

// Expand turns arguments into sources: "-" is stdin, a pattern the files that match it, a directory the access logs
// below it. A file that is named twice is read once. The error names every argument that stands for nothing; the
// sources of the others are returned with it.
func Expand(args []string, stdin io.Reader) ([]*Source, error) {
	x := expander{seen: map[string]bool{}}
	for _, arg := range args {
		if err := x.argument(arg, stdin); err != nil {
			x.errs = append(x.errs, err)
		}
	}
	return x.sources, errors.Join(x.errs...)
}

type expander struct {
	sources []*Source
	seen    map[string]bool
	errs    []error
}

func (x *expander) argument(arg string, stdin io.Reader) error {
	if arg == Stdin {
		if !x.seen[Stdin] {
			x.seen[Stdin] = true
			x.sources = append(x.sources, &Source{Name: StdinName, Size: -1, stream: io.NopCloser(stdin)})
		}
		return nil
	}
	info, err := os.Stat(arg)
	if errors.Is(err, fs.ErrNotExist) && strings.ContainsAny(arg, "*?[") {
		return x.pattern(arg, stdin)
	}
	switch {
	case err != nil:
		return fmt.Errorf("opening log: %w", err)
	case info.IsDir():
		return x.directory(arg)
	default:
		return x.file(arg, info)
	}
}

func (x *expander) pattern(arg string, stdin io.Reader) error {
	paths, err := filepath.Glob(arg)
	if err != nil {
		return fmt.Errorf("reading pattern %s: %w", arg, err)
	}
	if len(paths) == 0 {
		return fmt.Errorf("opening log: no file matches %s", arg)
	}
	var errs []error
	for _, p := range paths {
		errs = append(errs, x.argument(p, stdin))
	}
	return errors.Join(errs...)
}

func (x *expander) file(path string, info fs.FileInfo) error {
	if x.known(path) {
		return nil
	}
	s := &Source{Name: path, path: path}
	if info.Mode().IsRegular() {
		s.Size = info.Size()
		x.sources = append(x.sources, s)
		return nil
	}
	// A pipe, as `<(…)` of a shell makes it, can be opened only once.
	f, err := os.Open(path)
	if err != nil {
		return fmt.Errorf("opening log: %w", err)
	}
	s.stream, s.Size = f, -1
	x.sources = append(x.sources, s)
	return nil
}

// known tells whether the file has been named before, maybe through a link.
func (x *expander) known(path string) bool {
	key := path
	if real, err := filepath.EvalSymlinks(path); err == nil {
		key = real
	}
	if abs, err := filepath.Abs(key); err == nil {
		key = abs
	}
	if x.seen[key] {
		return true
	}
	x.seen[key] = true
	return false
}

// directory walks a directory. Links to directories are not followed, so that it ends.
func (x *expander) directory(dir string) error {
	found := false
	var errs []error
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			errs = append(errs, fmt.Errorf("reading directory: %w", err))
			return nil // the rest of the tree is still wanted
		}
		if path != dir && strings.HasPrefix(d.Name(), ".") {
			if d.IsDir() {
				return fs.SkipDir
			}
			return nil
		}
		if d.IsDir() || !LooksLikeLog(d.Name()) {
			return nil
		}
		info, err := os.Stat(path)
		switch {
		case err != nil:
			errs = append(errs, fmt.Errorf("opening log: %w", err))
		case info.Mode().IsRegular():
			found = true
			errs = append(errs, x.file(path, info))
		}
		return nil
	})
	errs = append(errs, err)
	if err := errors.Join(errs...); err != nil {
		return err
	}
	if !found {
		return fmt.Errorf("reading directory: no access log in %s", dir)
	}
	return nil
}

// Package chdb is ClickHouse as a library: where the library comes from, and a server made of it. It fetches the published
// package once, verifies it, and keeps it in the user's cache directory. It knows nothing of what is stored in ClickHouse.
package chdb

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"
)

// Version is the version of the library's package; ClickHouse in it is 26.7.
const Version = "26.7.3-stable.1"

// Environment variables.
const (
	// PathVariable is a path to the library, in place of the one that is fetched.
	PathVariable = "GATEWATCH_LIBCHDB"
	// RegistryVariable is the npm registry that the package is fetched from.
	RegistryVariable = "npm_config_registry"
)

const defaultRegistry = "https://registry.npmjs.org"

// Source is where the library is looked for, and where it is fetched from. The zero value is right for a user's machine.
type Source struct {
	// Path is a library that is there already. Default: $GATEWATCH_LIBCHDB.
	Path string
	// CacheDir is the directory that keeps what was fetched. Default: gatewatch in the user's cache directory.
	CacheDir string
	// Registry is the npm registry. Default: $npm_config_registry, or https://registry.npmjs.org.
	Registry string
	// Progress is told how much of the package has arrived, in bytes. Default: nobody.
	Progress func(done, total int64)

	build build // what is fetched; the zero value is this machine's
}

// Library is the path of the library; it is fetched if it is not there yet, which another process may be doing as well.
func (s Source) Library(ctx context.Context) (string, error) {
	if err := s.complete(); err != nil {
		return "", err
	}
	if s.Path != "" {
		return s.Path, readable(s.Path)
	}
	dir := filepath.Join(s.CacheDir, "libchdb-"+Version)
	path := filepath.Join(dir, libraryFile)
	if _, err := os.Stat(path); err == nil {
		return path, nil
	}
	if err := s.fetch(ctx, dir, path); err != nil {
		return "", explained(err, dir)
	}
	return path, nil
}

func (s *Source) complete() error {
	if s.Path == "" {
		s.Path = os.Getenv(PathVariable)
	}
	if s.Path != "" {
		return nil
	}
	if s.build == (build{}) {
		b, err := platform()
		if err != nil {
			return err
		}
		s.build = b
	}
	if s.Registry == "" {
		s.Registry = os.Getenv(RegistryVariable)
	}
	if s.Registry == "" {
		s.Registry = defaultRegistry
	}
	if s.CacheDir == "" {
		dir, err := os.UserCacheDir()
		if err != nil {
			return fmt.Errorf("looking for a place to keep ClickHouse: %w; set HOME or XDG_CACHE_HOME, or %s to a libchdb.so",
				err, PathVariable)
		}
		s.CacheDir = filepath.Join(dir, "gatewatch")
	}
	return nil
}

func readable(path string) error {
	f, err := os.Open(path) //nolint:gosec // the user says which library is loaded
	if err != nil {
		return fmt.Errorf("opening the library that %s names: %w", PathVariable, err)
	}
	return f.Close()
}

// explained adds to an error of fetching what can be done about it.
func explained(err error, dir string) error {
	var dial *statusError
	switch {
	case errors.Is(err, context.Canceled):
		return err
	case errors.Is(err, syscall.ENOSPC), errors.Is(err, syscall.EDQUOT):
		return fmt.Errorf("fetching ClickHouse: no space left in %s: about 800 MB are needed, 570 MB are kept", dir)
	case errors.Is(err, fs.ErrPermission):
		return fmt.Errorf("fetching ClickHouse: %w: set XDG_CACHE_HOME to a directory that can be written", err)
	case errors.As(err, &dial):
		return fmt.Errorf("fetching ClickHouse: %w: is %s a registry that has the package? Or set %s to a libchdb.so",
			err, RegistryVariable, PathVariable)
	default:
		return fmt.Errorf("fetching ClickHouse: %w; it goes on where it stopped when started again; without a network, set %s "+
			"to a libchdb.so", err, PathVariable)
	}
}

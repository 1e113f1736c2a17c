package chdb

import (
	"archive/tar"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path"
)

// maxLibrary bounds what a package can make us write.
const maxLibrary = 4 << 30

// unpack puts the library of a package at a path, whole or not at all.
func unpack(ctx context.Context, archive, to string) error {
	f, err := os.Open(archive) //nolint:gosec // a file of ours
	if err != nil {
		return fmt.Errorf("opening the package: %w", err)
	}
	defer f.Close() //nolint:errcheck // it is only read
	zr, err := gzip.NewReader(f)
	if err != nil {
		return fmt.Errorf("reading the package: %w", err)
	}
	tr := tar.NewReader(zr)
	for {
		h, err := tr.Next()
		if errors.Is(err, io.EOF) {
			return fmt.Errorf("reading the package: no %s in it", libraryFile)
		}
		if err != nil {
			return fmt.Errorf("reading the package: %w", err)
		}
		if h.Typeflag == tar.TypeReg && path.Base(h.Name) == libraryFile {
			return write(ctx, to, tr)
		}
	}
}

func write(ctx context.Context, to string, r io.Reader) error {
	// The lock is held: whoever left a part behind is no more, and its part is written over.
	tmp, err := os.OpenFile(to+".part", os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o600) //nolint:gosec // a file of ours
	if err != nil {
		return fmt.Errorf("writing the library: %w", err)
	}
	defer os.Remove(tmp.Name()) //nolint:errcheck // it has been renamed, unless something went wrong
	_, err = io.Copy(tmp, io.LimitReader(cancelled{ctx, r}, maxLibrary))
	if err == nil {
		err = tmp.Sync()
	}
	if err = errors.Join(err, tmp.Close()); err != nil {
		return fmt.Errorf("writing the library: %w", err)
	}
	if err := os.Rename(tmp.Name(), to); err != nil {
		return fmt.Errorf("keeping the library: %w", err)
	}
	return nil
}

// cancelled reads until a context ends.
type cancelled struct {
	ctx context.Context //nolint:containedctx // it lives as long as one copy
	r   io.Reader
}

// Read implements io.Reader.
func (c cancelled) Read(b []byte) (int, error) {
	if err := c.ctx.Err(); err != nil {
		return 0, err
	}
	return c.r.Read(b)
}

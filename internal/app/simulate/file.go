package simulate

import (
	"bufio"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"gatewatch/internal/app/simulate/scene"
	"gatewatch/internal/label"
)

// File is a sink that writes lines into a file.
type File struct {
	buf    *bufio.Writer
	zip    *gzip.Writer
	closer io.Closer
}

var _ scene.Sink = (*File)(nil)

// buffered is how many bytes are written at once.
const buffered = 256 << 10

// To writes to w, which stays open.
func To(w io.Writer) *File { return &File{buf: bufio.NewWriterSize(w, buffered)} }

// Create makes a file, compressed when its name ends with .gz.
func Create(path string) (*File, error) {
	file, err := os.Create(filepath.Clean(path))
	if err != nil {
		return nil, fmt.Errorf("creating log: %w", err)
	}
	f := &File{closer: file}
	var w io.Writer = file
	if strings.HasSuffix(path, ".gz") {
		if f.zip, err = gzip.NewWriterLevel(file, gzip.BestSpeed); err != nil {
			return nil, errors.Join(err, file.Close())
		}
		w = f.zip
	}
	f.buf = bufio.NewWriterSize(w, buffered)
	return f, nil
}

// Line implements scene.Sink.
func (f *File) Line(line []byte) error {
	if _, err := f.buf.Write(line); err != nil {
		return err
	}
	return f.buf.WriteByte('\n')
}

// Close writes what is left.
func (f *File) Close() error {
	err := f.buf.Flush()
	if f.zip != nil {
		err = errors.Join(err, f.zip.Close())
	}
	if f.closer != nil {
		err = errors.Join(err, f.closer.Close())
	}
	return err
}

// WriteLabels writes labels as JSON Lines.
func WriteLabels(path string, labels []label.Label) error {
	var b []byte
	for i := range labels {
		var err error
		if b, err = labels[i].AppendTo(b); err != nil {
			return err
		}
	}
	if err := os.WriteFile(filepath.Clean(path), b, 0o644); err != nil { //nolint:gosec // invented traffic is no secret
		return fmt.Errorf("writing labels: %w", err)
	}
	return nil
}

package cli

import (
	"fmt"
	"io"
	"os"

	"gatewatch/internal/logfile"
)

// openRejected makes the file for rejected lines. It must be none of the logs, which would be emptied before they are
// read.
func openRejected(path string, sources []*logfile.Source, stdin io.Reader) (*os.File, error) {
	if old, err := os.Stat(path); err == nil && old.Mode().IsRegular() {
		for _, s := range sources {
			if isFile(old, s, stdin) {
				return nil, fmt.Errorf("--rejected %q: it is one of the logs to be read", path)
			}
		}
	}
	file, err := os.OpenFile(path, os.O_CREATE|os.O_WRONLY|os.O_TRUNC, 0o600)
	if err != nil {
		return nil, fmt.Errorf("opening file for rejected lines: %w", err)
	}
	return file, nil
}

// isFile tells whether a log is read from a file, under whatever name.
func isFile(file os.FileInfo, s *logfile.Source, stdin io.Reader) bool {
	var other os.FileInfo
	var err error
	if in, ok := stdin.(*os.File); ok && s.Name == logfile.StdinName {
		other, err = in.Stat()
	} else {
		other, err = os.Stat(s.Name)
	}
	return err == nil && os.SameFile(file, other)
}

//go:build !unix

package disk

import (
	"fmt"
	"os"
)

// lockFile opens the file; there is no lock to be had here.
func lockFile(path string) (*os.File, error) {
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, fmt.Errorf("opening lock: %w", err)
	}
	return f, nil
}

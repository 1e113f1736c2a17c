package disk

import (
	"bytes"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"path/filepath"
)

// Identity is the lasting name of one instance of a service, kept in a file of its data directory. While an instance has
// it, no other process gets it.
type Identity struct {
	name string
	file *os.File
}

// identityBytes are random bytes, so many that no two instances share a name.
const identityBytes = 16

// Identify takes the name that is kept in a directory; both are made when they are not there. The error is ErrInUse while
// another process has it.
func Identify(dir string) (*Identity, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("making data directory: %w", err)
	}
	f, err := lockFile(filepath.Join(dir, "instance"))
	if err != nil {
		return nil, fmt.Errorf("taking the instance's name in %s: %w", dir, err)
	}
	name, err := readName(f)
	if err != nil {
		return nil, errors.Join(fmt.Errorf("reading the instance's name: %w", err), f.Close())
	}
	return &Identity{name: name, file: f}, nil
}

// readName reads a name, or makes one where there is none, or a part of one.
func readName(f *os.File) (string, error) {
	kept := make([]byte, 2*identityBytes+1)
	n, err := f.ReadAt(kept, 0)
	if name, whole := bytes.CutSuffix(kept[:n], []byte("\n")); err == nil && whole && isHex(name) {
		return string(name), nil
	}
	random := make([]byte, identityBytes)
	if _, err := rand.Read(random); err != nil {
		return "", err
	}
	name := hex.EncodeToString(random)
	if _, err := f.WriteAt([]byte(name+"\n"), 0); err != nil {
		return "", err
	}
	return name, errors.Join(f.Truncate(int64(len(kept))), f.Sync())
}

func isHex(b []byte) bool {
	_, err := hex.Decode(make([]byte, len(b)), b)
	return err == nil
}

// Name is the name: letters and digits.
func (i *Identity) Name() string { return i.name }

// Close gives the name free for the next process.
func (i *Identity) Close() error { return i.file.Close() }

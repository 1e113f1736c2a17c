package config

import (
	"bytes"
	"crypto/hkdf"
	"crypto/rand"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// minKey is the least length of a hash key in bytes: 128 bits cannot be guessed.
const minKey = 16

// Key is the secret that keys every hash. What is hashed for one purpose tells nothing about another.
type Key struct{ root []byte }

// Redaction is the key of the hashes that stand for secrets in events.
func (k Key) Redaction() ([]byte, error) { return k.derive("gatewatch redaction", 32) }

// Seed seeds the hashes inside the engine.
func (k Key) Seed() (uint64, error) {
	b, err := k.derive("gatewatch engine seed", 8)
	if err != nil {
		return 0, err
	}
	return binary.LittleEndian.Uint64(b), nil
}

func (k Key) derive(label string, n int) ([]byte, error) {
	b, err := hkdf.Key(sha256.New, k.root, nil, label, n)
	if err != nil {
		return nil, fmt.Errorf("deriving key: %w", err)
	}
	return b, nil
}

// Key finds the hash key: in the configuration, in the file that it names, or else in the user's own key file below dir,
// which is made at the first use. When dir is "" or cannot be written to, the key is random; the notice says what follows.
func (c *Config) Key(dir string) (key Key, notice string, err error) {
	switch {
	case c.HashKey != "":
		return Key{[]byte(c.HashKey)}, "", nil
	case c.HashKeyFile != "":
		root, err := readKey(c.HashKeyFile)
		return Key{root}, "", err
	}
	if dir != "" {
		root, err := userKey(filepath.Join(dir, "gatewatch", "hash.key"))
		if err == nil {
			return Key{root}, "", nil
		}
		if errors.Is(err, errShortKey) {
			return Key{}, "", err
		}
		notice = fmt.Sprintf(" (%v)", err)
	}
	root := make([]byte, 32)
	rand.Read(root) // never fails
	return Key{root}, "no hash key can be kept" + notice +
		": hashes of credentials and sessions will differ from run to run; set hash_key_file", nil
}

var errShortKey = errors.New("hash key is too short")

func readKey(path string) ([]byte, error) {
	b, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("reading hash key: %w", err)
	}
	b = bytes.TrimSpace(b)
	if len(b) < minKey {
		return nil, fmt.Errorf("reading %s: %w: want at least %d bytes", path, errShortKey, minKey)
	}
	return b, nil
}

// userKey reads the user's key, and makes it first when there is none.
func userKey(path string) ([]byte, error) {
	b, err := readKey(path)
	if !errors.Is(err, fs.ErrNotExist) {
		return b, err
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return nil, fmt.Errorf("making hash key: %w", err)
	}
	// A file is made apart and linked into place, so that of two programs that start together one wins and neither
	// reads half a key.
	f, err := os.CreateTemp(filepath.Dir(path), ".hash.key-*") // mode 0600
	if err != nil {
		return nil, fmt.Errorf("making hash key: %w", err)
	}
	defer func() { _ = os.Remove(f.Name()) }() // it has served its turn
	root := make([]byte, 32)
	rand.Read(root) // never fails
	_, err = f.WriteString(hex.EncodeToString(root) + "\n")
	if err := errors.Join(err, f.Close()); err != nil {
		return nil, fmt.Errorf("making hash key: %w", err)
	}
	if err := os.Link(f.Name(), path); err != nil && !errors.Is(err, fs.ErrExist) {
		if err := os.Rename(f.Name(), path); err != nil {
			return nil, fmt.Errorf("making hash key: %w", err)
		}
	}
	return readKey(path)
}

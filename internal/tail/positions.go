package tail

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"time"
)

const (
	positionsName    = "positions.json"
	positionsVersion = 1
	// forget is after how long a file that was not seen again is forgotten.
	forget = 7 * 24 * time.Hour
	// maxPositions is how many files are remembered; those not seen for longest are forgotten first.
	maxPositions = 10_000
)

// position is how far one file is safe, and by what it is known.
type position struct {
	Device     uint64    `json:"device"`
	Inode      uint64    `json:"inode"`
	Path       string    `json:"path"`
	Real       string    `json:"real"`
	Base       string    `json:"fingerprint"`
	Generation int       `json:"generation,omitempty"`
	HeadSize   int       `json:"head_size"`
	HeadSum    string    `json:"head_sha256"`
	Offset     int64     `json:"offset"`
	Skip       bool      `json:"skip,omitempty"`
	Seen       time.Time `json:"seen"`
}

// positions are those of all files, in a file that is replaced as a whole.
type positions struct {
	path    string
	entries []position
	written []byte // what is in the file
}

type positionsFile struct {
	Version int        `json:"version"`
	Files   []position `json:"files"`
}

// loadPositions reads what was remembered. A damaged file is put aside: the files are read from their beginning then,
// under the same names, so whoever remembers those drops what it has seen.
func loadPositions(dir string, log *slog.Logger) (*positions, error) {
	if err := os.MkdirAll(dir, 0o750); err != nil {
		return nil, fmt.Errorf("making the directory for positions in files: %w", err)
	}
	p := &positions{path: filepath.Join(dir, positionsName)}
	content, err := os.ReadFile(p.path)
	if errors.Is(err, fs.ErrNotExist) {
		return p, nil
	}
	if err != nil {
		return nil, fmt.Errorf("reading positions in files: %w", err)
	}
	var f positionsFile
	if err = json.Unmarshal(content, &f); err == nil && f.Version > positionsVersion {
		return nil, fmt.Errorf("reading positions in files: %s has version %d, made by a newer gatewatch", p.path, f.Version)
	}
	if err != nil {
		log.Error("positions in files are damaged, reading the files from their beginning", "path", p.path, "err", err)
		if err := os.Rename(p.path, p.path+".damaged"); err != nil {
			return nil, fmt.Errorf("putting damaged positions aside: %w", err)
		}
		return p, nil
	}
	p.entries, p.written = f.Files, content
	return p, nil
}

// resume gives a file its name and position back, if it is one of those remembered; else the file learns what the one
// with its inode was called, so that it gets another name.
func (p *positions) resume(f *file, scratch []byte) bool {
	for i := range p.entries {
		e := &p.entries[i]
		if e.Inode != f.key.inode || e.HeadSize < 0 || e.HeadSize > maxHead {
			continue
		}
		head := scratch[:e.HeadSize]
		n, _ := f.handle.ReadAt(head, 0)
		if f.base == "" && e.Device == f.key.device {
			f.base, f.generation = e.Base, e.Generation
		}
		if e.HeadSize == 0 || n < e.HeadSize || e.HeadSum != headSum(head) || f.size < e.Offset {
			continue
		}
		f.base, f.generation, f.topic, f.head = e.Base, e.Generation, topicOf(e.Base, e.Generation), bytes.Clone(head)
		f.read, f.safe, f.skip, f.safeSkip = e.Offset, e.Offset, e.Skip, e.Skip
		return true
	}
	return false
}

// put remembers a file in place of what was known of its inode.
func (p *positions) put(f *file, now time.Time) {
	if f.base == "" {
		return
	}
	e := position{
		Device: f.key.device, Inode: f.key.inode, Path: f.path, Real: f.real, Base: f.base, Generation: f.generation,
		HeadSize: len(f.head), HeadSum: headSum(f.head), Offset: f.safe, Skip: f.safeSkip, Seen: now.UTC().Truncate(time.Hour),
	}
	p.entries = slices.DeleteFunc(p.entries, func(o position) bool {
		return o.Inode == e.Inode && (o.Device == e.Device || o.Base == e.Base)
	})
	p.entries = append(p.entries, e)
}

// tidy forgets what has not been seen for long.
func (p *positions) tidy(now time.Time) {
	p.entries = slices.DeleteFunc(p.entries, func(e position) bool { return now.Sub(e.Seen) > forget })
	slices.SortStableFunc(p.entries, func(a, b position) int { return b.Seen.Compare(a.Seen) })
	p.entries = p.entries[:min(len(p.entries), maxPositions)]
	slices.SortFunc(p.entries, func(a, b position) int { return bytes.Compare([]byte(a.Path+a.Base), []byte(b.Path+b.Base)) })
}

// write replaces the file, if anything has changed.
func (p *positions) write() error {
	content, err := json.MarshalIndent(positionsFile{positionsVersion, p.entries}, "", " ")
	if err != nil {
		return fmt.Errorf("encoding positions in files: %w", err)
	}
	if bytes.Equal(content, p.written) {
		return nil
	}
	if err := replaceFile(p.path, content); err != nil {
		return fmt.Errorf("saving positions in files: %w", err)
	}
	p.written = content
	return nil
}

// replaceFile writes a file beside the old one and then puts it in its place, so that there is a whole one at any time.
func replaceFile(path string, content []byte) (err error) {
	next := path + ".next"
	f, err := os.OpenFile(next, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o640)
	if err != nil {
		return err
	}
	_, err = f.Write(content)
	if err == nil {
		err = f.Sync()
	}
	if err = errors.Join(err, f.Close()); err != nil {
		return err
	}
	return os.Rename(next, path)
}

func headSum(head []byte) string {
	sum := sha256.Sum256(head)
	return hex.EncodeToString(sum[:fingerprintSize])
}

// save remembers how far every file is safe.
func (t *Tailer) save() error {
	for _, f := range t.files {
		f.settle()
		t.saved.put(f, t.now)
	}
	t.saved.tidy(t.now)
	return t.saved.write()
}

// saveOrTell saves while running: a full disk is no reason to stop reading.
func (t *Tailer) saveOrTell(ctx context.Context) {
	err := t.save()
	t.note(err)
	if err != nil {
		t.metrics.saves.Inc()
		if !t.warned[t.saved.path] {
			t.warned[t.saved.path] = true
			t.log.ErrorContext(ctx, "positions in files are not saved, reading goes on", "err", err)
		}
		return
	}
	if t.warned[t.saved.path] {
		t.log.InfoContext(ctx, "positions in files are saved again")
		delete(t.warned, t.saved.path)
	}
}

package tail

import (
	"os"
	"path/filepath"
	"time"
)

// discover looks which files there are, which have moved and which have gone.
func (t *Tailer) discover(w *watch) {
	for _, f := range t.files {
		f.present = false
	}
	before := make(map[string]*file, len(t.files))
	for _, f := range t.files {
		if f.gone.IsZero() {
			before[f.path] = f
		}
	}
	for _, pattern := range t.cfg.Files {
		w.add(filepath.Dir(pattern))
		paths, err := filepath.Glob(pattern) // a path without meta characters is a pattern as well
		if err != nil {
			continue // never: Validate has tried it
		}
		for _, path := range paths {
			t.find(path, before[path], w)
		}
	}
	for _, f := range t.files {
		if !f.present && f.gone.IsZero() {
			t.leave(f)
		}
	}
}

// find takes notice of what is at a path; old is the file that was there.
func (t *Tailer) find(path string, old *file, w *watch) {
	info, err := os.Stat(path)
	if err != nil {
		return // it went just now, or is a link to nowhere
	}
	if !info.Mode().IsRegular() {
		t.complain(path, "not a regular file", nil)
		return
	}
	k := keyOf(path, info)
	f := t.files[k]
	if f == nil {
		f = &file{key: k, grown: t.now}
		t.files[k] = f
		if old != nil {
			f.after, old.atEnd = old, false
			t.metrics.rotations.WithLabelValues("rename").Inc()
		}
		delete(t.warned, path)
	}
	if f.present { // found by another path already
		return
	}
	f.present, f.path, f.real = true, path, path
	if real, err := filepath.EvalSymlinks(path); err == nil {
		f.real = real
	}
	if f.handle == nil {
		f.size = info.Size()
	}
	f.gone = time.Time{}
	w.add(filepath.Dir(f.real))
}

// leave takes notice that no path leads to a file any more: it was renamed, or deleted. An open one is read to its end;
// one that is not open is looked for beside its old place.
func (t *Tailer) leave(f *file) {
	f.gone = t.now
	f.atEnd = false
	switch {
	case f.handle != nil:
		return
	case f.read == f.size && f.topic != "":
		t.forget(f)
		return
	}
	if path, ok := beside(f.real, f.key); ok {
		f.real = path
	}
}

// resumeMoved finds the files that were rotated while nobody followed them, so that their rest is read.
func (t *Tailer) resumeMoved() {
	for _, p := range t.saved.entries {
		if t.known(p.Inode) || !t.wanted(p.Path) {
			continue
		}
		path, ok := beside(p.Real, key{p.Device, p.Inode})
		if !ok {
			continue
		}
		info, err := os.Stat(path)
		if err != nil {
			continue
		}
		f := &file{key: keyOf(path, info), path: p.Path, real: path, size: info.Size(), gone: t.now, grown: t.now}
		if !t.reopen(f) {
			continue
		}
		if !t.saved.resume(f, t.head[:]) { // another file with a number that is in use again
			t.shut(f)
			continue
		}
		t.files[f.key] = f
		for _, next := range t.files {
			if next.path == p.Path && next != f && next.after == nil {
				next.after = f
			}
		}
	}
}

func (t *Tailer) known(inode uint64) bool {
	for k := range t.files {
		if k.inode == inode {
			return true
		}
	}
	return false
}

// wanted tells whether a path is still among those that are followed.
func (t *Tailer) wanted(path string) bool {
	for _, pattern := range t.cfg.Files {
		if ok, err := filepath.Match(pattern, path); ok && err == nil {
			return true
		}
	}
	return false
}

// maxBeside is how many files of a directory are looked at for one that was renamed.
const maxBeside = 10_000

// beside looks for a file in the directory that it was in.
func beside(path string, k key) (string, bool) {
	dir := filepath.Dir(path)
	d, err := os.Open(dir)
	if err != nil {
		return "", false
	}
	defer func() { _ = d.Close() }() // read only: nothing can be lost
	entries, err := d.ReadDir(maxBeside)
	if err != nil && len(entries) == 0 {
		return "", false
	}
	for _, e := range entries {
		if !e.Type().IsRegular() {
			continue
		}
		info, err := e.Info()
		if err == nil && sameInode(info, k) {
			return filepath.Join(dir, e.Name()), true
		}
	}
	return "", false
}

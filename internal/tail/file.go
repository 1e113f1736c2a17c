package tail

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"os"
	"strconv"
	"sync/atomic"
	"time"
)

const (
	// maxHead is how many bytes of a file's beginning tell it from another with its inode.
	maxHead = 1024
	// maxFirst is how many bytes of the first line are part of the fingerprint.
	maxFirst = 256
	// fingerprintSize is the length of a fingerprint, in bytes before it is written in hexadecimal.
	fingerprintSize = 12
)

// key is what a file is called by the system, until it is deleted and the number given to another.
type key struct{ device, inode uint64 }

// file is one file that is followed, whatever its path is. The tailer's goroutine owns it but for done.
type file struct {
	key  key
	path string // at which it was found last
	real string // path behind links

	handle   *os.File
	size     int64
	modified time.Time

	topic      string // "" until the first line is there
	base       string // the fingerprint
	generation int    // how often a file with this fingerprint has begun anew
	head       []byte // the first bytes, at most maxHead of those handed over

	read     int64 // before it, everything has been handed over
	skip     bool  // at read, the rest of an overlong line is to come
	safe     int64 // before it, everything is safe
	safeSkip bool
	inFlight bool
	done     atomic.Bool // what is in flight is safe

	present bool
	gone    time.Time // since when no path leads to it; zero while one does
	grown   time.Time // when there was something to read last
	atEnd   bool      // there was nothing more to read at the last look
	after   *file     // the file that was at this path before and is read first
	anew    bool      // it was emptied: what is remembered of it holds no longer
	ignored bool      // not to be read: it is compressed
}

// settle takes notice of what has become safe.
func (f *file) settle() {
	if f.inFlight && f.done.Load() {
		f.safe, f.safeSkip, f.inFlight = f.read, f.skip, false
	}
}

// waits tells that the file that was at this path before has not been read to its end.
func (f *file) waits() bool {
	if f.after == nil {
		return false
	}
	if f.after.handle != nil && !f.after.atEnd {
		return true
	}
	f.after = nil
	return false
}

// begun tells whether the file still begins as it did: a file that was emptied and has grown again does not.
func (f *file) begun(scratch []byte) bool {
	n, _ := f.handle.ReadAt(scratch[:len(f.head)], 0)
	return bytes.Equal(scratch[:n], f.head)
}

// restart begins the file anew after it was emptied.
func (f *file) restart() {
	f.topic, f.head, f.anew = "", nil, true
	f.read, f.safe, f.skip, f.safeSkip = 0, 0, false, false
}

// identify gives the file its name by its first line; false while that is not there. A file that begins like the one
// before it with this inode gets another name, because its offsets begin anew.
func (f *file) identify(scratch []byte) bool {
	n, _ := f.handle.ReadAt(scratch[:maxFirst], 0)
	first := scratch[:n]
	if i := bytes.IndexByte(first, '\n'); i >= 0 {
		first = first[:i+1]
	} else if n < maxFirst && f.gone.IsZero() {
		return false
	}
	if len(first) == 0 {
		return false
	}
	base := fingerprint(f.key, first)
	if base == f.base {
		f.generation++
	} else {
		f.base, f.generation = base, 0
	}
	f.topic, f.head = topicOf(f.base, f.generation), bytes.Clone(first)
	return true
}

// remember keeps the beginning of the file as far as it has been read.
func (f *file) remember(scratch []byte) {
	want := int(min(f.read, maxHead))
	if len(f.head) >= want {
		return
	}
	if n, _ := f.handle.ReadAt(scratch[:want], 0); n == want && bytes.HasPrefix(scratch[:n], f.head) {
		f.head = bytes.Clone(scratch[:n])
	}
}

func topicOf(base string, generation int) string {
	if generation == 0 {
		return "file:" + base
	}
	return "file:" + base + "-" + strconv.Itoa(generation)
}

func fingerprint(k key, first []byte) string {
	b := binary.BigEndian.AppendUint64(nil, k.device)
	b = binary.BigEndian.AppendUint64(b, k.inode)
	sum := sha256.Sum256(append(b, first...))
	return hex.EncodeToString(sum[:fingerprintSize])
}

// isCompressed tells gzip, bzip2, zstd and xz by their first bytes: rotated files that a pattern matches as well.
func isCompressed(head []byte) bool {
	for _, magic := range [...]string{"\x1f\x8b", "BZh", "\x28\xb5\x2f\xfd", "\xfd7zXZ\x00"} {
		if bytes.HasPrefix(head, []byte(magic)) {
			return true
		}
	}
	return false
}

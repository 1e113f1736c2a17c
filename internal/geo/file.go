package geo

import (
	"fmt"
	"io/fs"
	"os"
	"time"

	"github.com/oschwald/maxminddb-golang/v2"
)

// kind is what a file is asked for.
type kind uint8

const (
	city kind = iota
	network
)

// String is the kind's name in metrics.
func (k kind) String() string {
	if k == network {
		return "asn"
	}
	return "city"
}

// file is one database, read into memory rather than mapped: a mapped file that is overwritten in place would end the
// process, and one that is unmapped while somebody looks something up as well.
type file struct {
	kind   kind
	path   string
	reader *maxminddb.Reader
	seen   fs.FileInfo // of what was read last, well or not; nil when there was no file
}

// replaced tells whether the path leads to another content than was read last. What could not be read is not read again
// before it changes.
func (f *file) replaced() bool {
	now, err := os.Stat(f.path)
	if err != nil || f.seen == nil {
		return (err == nil) != (f.seen != nil)
	}
	return !os.SameFile(f.seen, now) || now.Size() != f.seen.Size() || !now.ModTime().Equal(f.seen.ModTime())
}

// load reads the file; what was read before stays when it cannot be.
func (f *file) load() error {
	f.seen = nil
	info, err := os.Stat(f.path)
	if err != nil {
		return fmt.Errorf("reading geo database: %w", err)
	}
	f.seen = info // before the content: if it grows meanwhile, it is read again
	content, err := os.ReadFile(f.path)
	if err != nil {
		return fmt.Errorf("reading geo database: %w", err)
	}
	reader, err := maxminddb.OpenBytes(content)
	if err != nil {
		return fmt.Errorf("reading geo database %s: not a MaxMind database, or cut short: %w", f.path, err)
	}
	if err := check(reader, f.kind); err != nil {
		return fmt.Errorf("reading geo database %s: %w", f.path, err)
	}
	f.reader = reader
	return nil
}

// built is when the database was made.
func (f *file) built() time.Time { return f.reader.Metadata.BuildTime() }

// How many networks of a database are looked at before it is believed.
const samples = 1000

// check tells a damaged database, and one that says nothing of what it is asked for.
func check(r *maxminddb.Reader, k kind) error {
	seen := 0
	for result := range r.Networks() {
		if seen++; seen > samples {
			break
		}
		var a answer
		if err := a.decode(result, k); err != nil {
			return fmt.Errorf("damaged: %w", err)
		}
		if k == city && a.country != "" || k == network && a.asn != 0 {
			return nil
		}
	}
	if k == city {
		return fmt.Errorf("a %q database tells no country: want a City or Country database", r.Metadata.DatabaseType)
	}
	return fmt.Errorf("a %q database tells no autonomous system: want an ASN database", r.Metadata.DatabaseType)
}

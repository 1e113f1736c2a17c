// Package geo tells where an address is and whose network it is in, from MaxMind databases in files. It knows no network
// service, and says nothing about an address that the log has said already.
package geo

import (
	"context"
	"errors"
	"log/slog"
	"sync/atomic"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"gatewatch/internal/event"
)

// DefaultInterval is how often the files are looked at by default.
const DefaultInterval = 5 * time.Second

// Config says which files are read.
type Config struct {
	// CityFile tells the country of an address: a City, Country or Enterprise database. Default: none.
	CityFile string
	// ASNFile tells the autonomous system of an address: an ASN, ISP or Enterprise database. Default: none.
	ASNFile string
	// Interval is how often the files are looked at. Default: DefaultInterval.
	Interval time.Duration
	// Log hears of files that were read again; nil discards.
	Log *slog.Logger
	// Metrics is where the package counts; nil is nowhere.
	Metrics prometheus.Registerer
}

// Databases are the files of a configuration, in memory. Any goroutine may enrich events, also while a file is replaced.
type Databases struct {
	cfg     Config
	log     *slog.Logger
	metrics *metrics
	files   []*file
	current atomic.Pointer[snapshot]
}

// Open reads the files. Without Run they stay as they were then.
func Open(cfg Config) (*Databases, error) {
	if cfg.Interval <= 0 {
		cfg.Interval = DefaultInterval
	}
	d := &Databases{cfg: cfg, log: cfg.Log, metrics: newMetrics(cfg.Metrics)}
	if d.log == nil {
		d.log = slog.New(slog.DiscardHandler)
	}
	var errs []error
	for _, f := range []*file{{kind: city, path: cfg.CityFile}, {kind: network, path: cfg.ASNFile}} {
		if f.path == "" {
			continue
		}
		d.files = append(d.files, f)
		if err := f.load(); err != nil {
			errs = append(errs, err)
			continue
		}
		d.metrics.read(f)
	}
	if err := errors.Join(errs...); err != nil {
		return nil, err
	}
	d.swap()
	return d, nil
}

// Enrich sets the country and the autonomous system of an event's client where its log did not say.
func (d *Databases) Enrich(e *event.Event) {
	if !e.Client.IsValid() || e.Country != "" && e.Has(event.FieldASN) {
		return
	}
	found := d.current.Load().find(e.Client, d.metrics)
	if e.Country == "" {
		e.Country = found.country
	}
	if found.asn == 0 {
		return
	}
	if !e.Has(event.FieldASN) {
		e.SetASN(found.asn)
	}
	if e.ASOrg == "" && e.ASN == found.asn {
		e.ASOrg = found.org
	}
}

// Run reads files again when they are replaced, until the context ends. A replacement that is damaged leaves the file
// before it in use.
func (d *Databases) Run(ctx context.Context) error {
	ticker := time.NewTicker(d.cfg.Interval)
	defer ticker.Stop()
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-ticker.C:
			d.look()
		}
	}
}

// look reads the files that have changed.
func (d *Databases) look() {
	changed := false
	for _, f := range d.files {
		if !f.replaced() {
			continue
		}
		if err := f.load(); err != nil {
			d.metrics.failed(f)
			d.log.Error("keeping the geo database in use", "file", f.path, "err", err)
			continue
		}
		d.metrics.read(f)
		d.log.Info("geo database read again", "file", f.path, "built", f.built())
		changed = true
	}
	if changed {
		d.swap()
	}
}

// swap puts what has been read in use. What was in use is collected once nobody looks anything up in it.
func (d *Databases) swap() {
	s := new(snapshot)
	for _, f := range d.files {
		switch f.kind {
		case city:
			s.city = f.reader
		case network:
			s.network = f.reader
		}
	}
	d.current.Store(s)
}

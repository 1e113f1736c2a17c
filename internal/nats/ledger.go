package nats

import (
	"bytes"
	"context"
	"errors"
	"fmt"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
)

// ErrSuperseded tells that somebody else has saved a state since this one was loaded.
var ErrSuperseded = errors.New("somebody else has saved a state")

const (
	ledgerKey = "book"
	// chunkBytes is the most that one message of a state carries; a server takes 1 MiB unless told otherwise.
	chunkBytes = 512 << 10
)

// Ledger keeps one state with its position as one value: whoever saves names the revision it builds on, so that of two
// who save only one succeeds. A large state lies in pieces beside the value, written alternately to two places of the
// writer's own, so that the pieces that count are never written over. One goroutine owns a Ledger.
type Ledger struct {
	kv       jetstream.KeyValue
	writer   string // begins the keys of this writer's pieces
	revision uint64
	current  leaf   // the value that counts
	doubtful []byte // a value of which nobody knows whether it was saved
}

// OpenLedger opens the ledger.
func (c *Client) OpenLedger(ctx context.Context) (*Ledger, error) {
	kv, err := c.js.KeyValue(ctx, bookBucket)
	if err != nil {
		return nil, fmt.Errorf("opening bucket %s: %w", bookBucket, explain(err))
	}
	return &Ledger{kv: kv, writer: "piece." + nats.NewInbox()[len(nats.InboxPrefix):] + "."}, nil
}

// Load reads the state and its position; both are nothing when none was saved. After ErrDamaged a state can be saved over
// the damaged one.
func (l *Ledger) Load(ctx context.Context) (position uint64, state []byte, err error) {
	entry, err := l.kv.Get(ctx, ledgerKey)
	if errors.Is(err, jetstream.ErrKeyNotFound) {
		l.revision, l.current, l.doubtful = 0, leaf{}, nil
		return 0, nil, nil
	}
	if err != nil {
		return 0, nil, fmt.Errorf("loading the state: %w", explain(err))
	}
	l.revision, l.current, l.doubtful = entry.Revision(), leaf{}, nil
	v, err := decodeLeaf(entry.Value())
	if err != nil {
		return 0, nil, fmt.Errorf("loading revision %d of the state: %w", entry.Revision(), err)
	}
	if v.count > 0 {
		if v.state, err = l.join(ctx, v.keys()); err != nil {
			return 0, nil, err
		}
	}
	if !v.whole() {
		return 0, nil, fmt.Errorf("loading revision %d of the state: %w", entry.Revision(), ErrDamaged)
	}
	state, v.state = v.state, nil
	l.current = v
	return v.position, state, nil
}

func (l *Ledger) join(ctx context.Context, keys []string) ([]byte, error) {
	var all bytes.Buffer
	for _, key := range keys {
		entry, err := l.kv.Get(ctx, key)
		if err != nil {
			return nil, fmt.Errorf("loading a piece of the state: %w", explain(err))
		}
		all.Write(entry.Value())
	}
	return all.Bytes(), nil
}

// Save replaces the state; ErrSuperseded when it is not the one that was loaded or saved last.
func (l *Ledger) Save(ctx context.Context, position uint64, state []byte) error {
	if err := l.settle(ctx); err != nil {
		return err
	}
	v := newLeaf(position, state)
	if err := l.split(ctx, &v); err != nil {
		return err
	}
	value := v.encode()
	// Revision 0 says that there must be none yet.
	revision, err := l.kv.Update(ctx, ledgerKey, value, l.revision)
	switch {
	case isConflict(err):
		return ErrSuperseded
	case err != nil:
		l.doubtful = value
		return fmt.Errorf("saving the state: %w", explain(err))
	}
	l.adopt(ctx, v, revision)
	return nil
}

func (l *Ledger) adopt(ctx context.Context, v leaf, revision uint64) {
	old := l.current
	v.state = nil
	l.revision, l.current, l.doubtful = revision, v, nil
	if old.of(l.writer) {
		return
	}
	for _, key := range old.keys() {
		_ = l.kv.Purge(ctx, key) // one that stays behind costs room and nothing else
	}
}

// settle finds out whether a save whose answer was lost has happened.
func (l *Ledger) settle(ctx context.Context) error {
	if l.doubtful == nil {
		return nil
	}
	entry, err := l.kv.Get(ctx, ledgerKey)
	switch {
	case errors.Is(err, jetstream.ErrKeyNotFound) && l.revision == 0:
		l.doubtful = nil
		return nil
	case err != nil:
		return fmt.Errorf("looking after the state: %w", explain(err))
	case entry.Revision() == l.revision:
		l.doubtful = nil
		return nil
	case !bytes.Equal(entry.Value(), l.doubtful):
		return ErrSuperseded
	}
	v, err := decodeLeaf(l.doubtful)
	if err != nil {
		return err
	}
	l.adopt(ctx, v, entry.Revision())
	return nil
}

// split writes the pieces of a state that is too large for one message.
func (l *Ledger) split(ctx context.Context, v *leaf) error {
	if len(v.state) <= chunkBytes {
		return nil
	}
	v.prefix = l.writer + "a"
	if l.current.prefix == v.prefix {
		v.prefix = l.writer + "b"
	}
	for rest := v.state; len(rest) > 0; v.count++ {
		n := min(len(rest), chunkBytes)
		if _, err := l.kv.Put(ctx, pieceKey(v.prefix, int(v.count)), rest[:n]); err != nil {
			return fmt.Errorf("saving a piece of the state: %w", explain(err))
		}
		rest = rest[n:]
	}
	return nil
}

func isConflict(err error) bool {
	if errors.Is(err, jetstream.ErrKeyExists) || errors.Is(err, jetstream.ErrKeyRevisionMismatch) {
		return true
	}
	api, ok := errors.AsType[*jetstream.APIError](err)
	return ok && api.ErrorCode == jetstream.JSErrCodeStreamWrongLastSequence
}

package nats

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"slices"
	"strconv"
	"sync"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"gatewatch/internal/finding"
)

const (
	// maxOutstanding is how many findings may wait for their acknowledgement.
	maxOutstanding = 4096
	// ackTimeout is after how long without an acknowledgement a finding is sent again.
	ackTimeout = 5 * time.Second
	// The pauses between attempts to send again what was refused or lost.
	firstRetry = 100 * time.Millisecond
	lastRetry  = 5 * time.Second
	// complaint is how often a standing trouble is logged.
	complaint = 10 * time.Second
)

// publisher sends findings and keeps each until it is acknowledged.
type publisher struct {
	js      jetstream.JetStream
	log     *slog.Logger
	metrics *metrics
	slots   chan struct{}
	wake    chan struct{} // something is in failed
	stop    chan struct{}
	stopped sync.WaitGroup
	closing sync.Once

	mu      sync.Mutex
	pending map[*nats.Msg]*parcel
	failed  []*parcel
	trouble error
	next    uint64
}

// parcel is a finding that is not acknowledged.
type parcel struct {
	msg  *nats.Msg
	seq  uint64
	done chan struct{}
}

func newPublisher(conn *nats.Conn, log *slog.Logger, m *metrics) (*publisher, error) {
	p := &publisher{
		log: log, metrics: m, slots: make(chan struct{}, maxOutstanding), wake: make(chan struct{}, 1),
		stop: make(chan struct{}), pending: map[*nats.Msg]*parcel{},
	}
	js, err := jetstream.New(
		conn, jetstream.WithPublishAsyncMaxPending(2*maxOutstanding), jetstream.WithPublishAsyncTimeout(ackTimeout),
		jetstream.WithPublishAsyncAckHandler(func(_ jetstream.JetStream, msg *nats.Msg, _ *jetstream.PubAck) { p.settle(msg) }),
		jetstream.WithPublishAsyncErrHandler(func(_ jetstream.JetStream, msg *nats.Msg, err error) { p.fail(msg, err) }),
	)
	if err != nil {
		return nil, fmt.Errorf("preparing publisher: %w", err)
	}
	p.js = js
	p.stopped.Go(p.resend)
	return p, nil
}

// PublishFinding sends a finding and does not wait for the acknowledgement: Flush does. The finding is encoded at once
// and may be reused. It waits while too many findings are outstanding. Without an acknowledgement the finding is sent
// again, with the same id, as long as the client lives.
func (c *Client) PublishFinding(ctx context.Context, f *finding.Finding) error {
	data, err := json.Marshal(f)
	if err != nil {
		return fmt.Errorf("encoding finding: %w", err)
	}
	if limit := int(c.conn.MaxPayload()) - 1024; limit > 0 && len(data) > limit { // 1024 for the header
		bare := *f
		bare.Samples = nil
		if data, err = json.Marshal(&bare); err != nil {
			return fmt.Errorf("encoding finding: %w", err)
		}
		if len(data) > limit {
			return fmt.Errorf("finding %s takes %d bytes, and the server takes %d: %w", f.ID, len(data), limit, nats.ErrMaxPayload)
		}
	}
	m := message{subject: findingSubject(f), data: data}.encode()
	m.Header.Set(jetstream.MsgIDHeader, f.ID+"-"+strconv.Itoa(f.Revision))
	return c.out.send(ctx, m)
}

// findingSubject is where a finding is published. The detector's name comes from the catalog, but a token that is none
// would be refused for ever.
func findingSubject(f *finding.Finding) string {
	return findingsSubject + Token(f.Detector) + "." + f.Severity.String()
}

// Flush waits until all findings published so far are acknowledged.
func (c *Client) Flush(ctx context.Context) error {
	for _, p := range c.out.parcels() {
		select {
		case <-p.done:
		case <-ctx.Done():
			return fmt.Errorf("waiting for acknowledgements of findings: %w", cmp.Or(c.out.standing(), ctx.Err()))
		}
	}
	return nil
}

func (p *publisher) send(ctx context.Context, m *nats.Msg) error {
	select {
	case p.slots <- struct{}{}:
	default:
		select {
		case p.slots <- struct{}{}:
		case <-ctx.Done():
			return fmt.Errorf("waiting to publish a finding: %w", cmp.Or(p.standing(), ctx.Err()))
		}
	}
	p.mu.Lock()
	p.next++
	p.pending[m] = &parcel{msg: m, seq: p.next, done: make(chan struct{})}
	p.metrics.outstanding.Set(float64(len(p.pending)))
	p.mu.Unlock()
	p.try(m)
	return nil
}

// try hands a message to the connection. Its acknowledgement, or what went wrong, comes to settle or fail.
func (p *publisher) try(m *nats.Msg) {
	if _, err := p.js.PublishMsgAsync(m, jetstream.WithRetryAttempts(0)); err != nil {
		p.fail(m, err)
	}
}

func (p *publisher) settle(m *nats.Msg) {
	p.mu.Lock()
	defer p.mu.Unlock()
	parcel, ok := p.pending[m]
	if !ok {
		return
	}
	delete(p.pending, m)
	p.trouble = nil
	close(parcel.done)
	<-p.slots // never blocks: every pending message holds a slot
	p.metrics.published.Inc()
	p.metrics.outstanding.Set(float64(len(p.pending)))
}

func (p *publisher) fail(m *nats.Msg, err error) {
	p.mu.Lock()
	if parcel, ok := p.pending[m]; ok {
		p.failed = append(p.failed, parcel)
		p.trouble = explain(err)
	}
	p.mu.Unlock()
	select {
	case p.wake <- struct{}{}:
	default:
	}
}

// resend sends again what failed, in the order in which it was published.
func (p *publisher) resend() {
	var complained time.Time
	for pause := firstRetry; ; {
		select {
		case <-p.stop:
			return
		case <-p.wake:
		}
		timer := time.NewTimer(pause)
		select {
		case <-p.stop:
			timer.Stop()
			return
		case <-timer.C:
		}
		batch, trouble := p.takeFailed()
		if trouble == nil {
			pause = firstRetry
		} else {
			pause = min(2*pause, lastRetry)
		}
		if trouble != nil && time.Since(complained) > complaint {
			complained = time.Now()
			p.log.Warn("findings are published again", "count", len(batch), "err", trouble)
		}
		for _, parcel := range batch {
			p.metrics.republished.Inc()
			p.try(parcel.msg)
		}
	}
}

func (p *publisher) takeFailed() ([]*parcel, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	batch := p.failed
	p.failed = nil
	slices.SortFunc(batch, func(a, b *parcel) int { return cmp.Compare(a.seq, b.seq) })
	// A message may have failed twice: by its timeout and by the lost connection.
	return slices.CompactFunc(batch, func(a, b *parcel) bool { return a == b }), p.trouble
}

func (p *publisher) parcels() []*parcel {
	p.mu.Lock()
	defer p.mu.Unlock()
	all := make([]*parcel, 0, len(p.pending))
	for _, parcel := range p.pending {
		all = append(all, parcel)
	}
	return all
}

func (p *publisher) standing() error {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.trouble
}

func (p *publisher) outstanding() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return len(p.pending)
}

func (p *publisher) close() {
	p.closing.Do(func() { close(p.stop) })
	p.stopped.Wait()
}

package nats

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/nats-io/nats.go/jetstream"
)

// The streams, the bucket, and the subjects below which they lie.
const (
	findingsStream  = "GATEWATCH_FINDINGS"
	outboxStream    = "GATEWATCH_OUTBOX"
	deadStream      = "GATEWATCH_DEAD"
	bookBucket      = "GATEWATCH_BOOK"
	findingsSubject = "gatewatch.findings.v1."
	outboxSubject   = "gatewatch.outbox.v1."
	deadSubject     = "gatewatch.dead.v1."
)

// streams are the streams' settings. Findings are kept for whoever reads them, a notification until its receiver has
// it, and what could not be handled until somebody has looked at it.
func (c *Client) streams() []jetstream.StreamConfig {
	base := jetstream.StreamConfig{
		Storage: jetstream.FileStorage, Discard: jetstream.DiscardOld, MaxAge: c.cfg.MaxAge, Duplicates: c.cfg.Duplicates,
		Replicas: c.cfg.Replicas, AllowDirect: true, MaxMsgs: -1, MaxBytes: -1, MaxConsumers: -1, MaxMsgsPerSubject: -1,
		MaxMsgSize: -1,
	}
	findings, outbox, dead := base, base, base
	findings.Name, findings.Subjects = findingsStream, []string{findingsSubject + ">"}
	findings.Description, findings.Retention = "findings, newest revisions last", jetstream.LimitsPolicy
	outbox.Name, outbox.Subjects = outboxStream, []string{outboxSubject + "*"}
	outbox.Description, outbox.Retention = "notifications that their receivers do not have yet", jetstream.WorkQueuePolicy
	dead.Name, dead.Subjects = deadStream, []string{deadSubject + ">"}
	dead.Description, dead.Retention = "what could not be handled, with the reason", jetstream.LimitsPolicy
	return []jetstream.StreamConfig{findings, outbox, dead}
}

// EnsureStreams creates the streams that are missing and updates those that are set up otherwise.
func (c *Client) EnsureStreams(ctx context.Context) error {
	for _, want := range c.streams() {
		if err := c.ensure(ctx, want); err != nil {
			return fmt.Errorf("setting up stream %s: %w", want.Name, explain(err))
		}
	}
	_, err := c.js.CreateOrUpdateKeyValue(ctx, jetstream.KeyValueConfig{
		Bucket: bookBucket, Description: "the alerter's state and its position", History: 1, Replicas: c.cfg.Replicas,
		Storage: jetstream.FileStorage, Compression: true,
	})
	if err != nil {
		return fmt.Errorf("setting up bucket %s: %w", bookBucket, explain(err))
	}
	return nil
}

// ensure changes only what it has an opinion about: somebody may have limited the stream's bytes or placed it.
func (c *Client) ensure(ctx context.Context, want jetstream.StreamConfig) error {
	s, err := c.js.Stream(ctx, want.Name)
	if errors.Is(err, jetstream.ErrStreamNotFound) {
		_, err = c.js.CreateStream(ctx, want)
		if !errors.Is(err, jetstream.ErrStreamNameAlreadyInUse) {
			return err
		}
		s, err = c.js.Stream(ctx, want.Name) // somebody else was faster
	}
	if err != nil {
		return err
	}
	have := s.CachedInfo().Config
	if have.Retention != want.Retention {
		return fmt.Errorf("its retention is %s and cannot be changed to %s: delete it, or give it another name",
			have.Retention, want.Retention)
	}
	if have.MaxAge == want.MaxAge && have.Duplicates == want.Duplicates && have.Replicas == want.Replicas &&
		len(have.Subjects) == 1 && have.Subjects[0] == want.Subjects[0] {
		return nil
	}
	have.MaxAge, have.Duplicates, have.Replicas, have.Subjects = want.MaxAge, want.Duplicates, want.Replicas, want.Subjects
	_, err = c.js.UpdateStream(ctx, have)
	return err
}

// publishTimeout is how long one attempt to store a message may take.
const publishTimeout = 3 * time.Second

// store keeps trying to store a message until it is in or the context ends. The id makes that harmless.
func (c *Client) store(ctx context.Context, m message) error {
	for pause := 50 * time.Millisecond; ; pause = min(2*pause, 5*time.Second) {
		err := c.tryStore(ctx, m)
		if err == nil || isTooLarge(err) {
			return err
		}
		c.log().WarnContext(ctx, "storing a message is tried again", "subject", m.subject, "err", explain(err))
		if !sleep(ctx, pause) {
			return fmt.Errorf("%w: %w", ctx.Err(), explain(err))
		}
	}
}

func (c *Client) tryStore(ctx context.Context, m message) error {
	ctx, cancel := context.WithTimeout(ctx, publishTimeout)
	defer cancel()
	_, err := c.js.PublishMsg(ctx, m.encode(), jetstream.WithMsgID(m.id))
	return err
}

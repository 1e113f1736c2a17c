package kafka

import (
	"errors"
	"net"
	"sync"
	"time"

	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kgo"
)

// inquiry is a client for some questions. It remembers why connections failed, which the client tries again and again
// until the time is over, and then says only that it is.
type inquiry struct {
	admin  *kadm.Client
	client *kgo.Client

	mu   sync.Mutex
	last error
}

var _ kgo.HookBrokerConnect = (*inquiry)(nil)

func newInquiry(cfg Config) (*inquiry, error) {
	q := &inquiry{}
	var err error
	if q.client, err = cfg.client(kgo.WithHooks(q)); err != nil {
		return nil, err
	}
	q.admin = kadm.NewClient(q.client)
	return q, nil
}

// OnBrokerConnect implements kgo.HookBrokerConnect.
func (q *inquiry) OnBrokerConnect(_ kgo.BrokerMetadata, _ time.Duration, _ net.Conn, err error) {
	if err == nil || isContextError(err) {
		return
	}
	q.mu.Lock()
	defer q.mu.Unlock()
	q.last = err
}

// cause is the error, and why no connection came about where the error is only that there was no time left.
func (q *inquiry) cause(err error) error {
	if !isContextError(err) {
		return err
	}
	q.mu.Lock()
	defer q.mu.Unlock()
	return errors.Join(err, q.last)
}

func (q *inquiry) close() { q.client.Close() }

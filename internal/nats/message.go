package nats

import (
	"errors"

	"github.com/nats-io/nats.go"
)

// message is one message on its way to a stream.
type message struct {
	subject string
	id      string // JetStream drops a second message of the same id
	data    []byte
	header  map[string]string
}

func (m message) encode() *nats.Msg {
	h := make(nats.Header, len(m.header)+1)
	for k, v := range m.header {
		h.Set(k, v)
	}
	return &nats.Msg{Subject: m.subject, Data: m.data, Header: h}
}

// isTooLarge tells that the server will never take the message.
func isTooLarge(err error) bool { return errors.Is(err, nats.ErrMaxPayload) }

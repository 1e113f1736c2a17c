package nats

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io/fs"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
)

// advice says what to do about errors that people cause. The first that matches counts.
var advice = []struct {
	cause error
	what  string
}{
	{nats.ErrAuthorization, "the server does not accept the user or the password"},
	{nats.ErrAuthExpired, "the credentials have expired"},
	{nats.ErrAuthRevoked, "the credentials have been revoked"},
	{nats.ErrPermissionViolation, "the user lacks rights; it needs gatewatch.>, $JS.API.> and _INBOX.>"},
	{nats.ErrSecureConnWanted, "TLS is on, and the server does not offer it"},
	{nats.ErrSecureConnRequired, "the server asks for TLS"},
	{fs.ErrNotExist, "a file is missing"},
	{jetstream.ErrJetStreamNotEnabled, "JetStream is off on the server; start it with -js"},
	{jetstream.ErrJetStreamNotEnabledForAccount, "JetStream is off for the user's account"},
	{nats.ErrNoResponders, "nobody answers for JetStream; is it on, and does its cluster have a leader?"},
	{jetstream.ErrNoStreamResponse, "no stream takes the subject; is nats.create_streams off?"},
	{nats.ErrNoServers, "no server answers"},
	{nats.ErrReconnectBufExceeded, "there is no connection at the moment"},
	{nats.ErrDisconnected, "there is no connection at the moment"},
	{nats.ErrTimeout, "the server does not answer in time"},
}

// explain says what to do about an error.
func explain(err error) error {
	if err == nil || errors.Is(err, context.Canceled) {
		return err
	}
	for _, a := range advice {
		if errors.Is(err, a.cause) {
			return fmt.Errorf("%s: %w", a.what, err)
		}
	}
	if isTLS(err) {
		return fmt.Errorf("the server's certificate is not trusted; see nats.tls: %w", err)
	}
	return err
}

func isTLS(err error) bool {
	if _, ok := errors.AsType[*tls.CertificateVerificationError](err); ok {
		return true
	}
	if _, ok := errors.AsType[x509.UnknownAuthorityError](err); ok {
		return true
	}
	if _, ok := errors.AsType[tls.RecordHeaderError](err); ok {
		return true
	}
	_, ok := errors.AsType[tls.AlertError](err)
	return ok || errors.Is(err, nats.ErrTLS)
}

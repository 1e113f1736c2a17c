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
	cause     error
	what      string
	permanent bool
}{
	{nats.ErrAuthorization, "the server does not accept the user or the password", true},
	{nats.ErrAuthExpired, "the credentials have expired", true},
	{nats.ErrAuthRevoked, "the credentials have been revoked", true},
	{nats.ErrPermissionViolation, "the user lacks rights; it needs gatewatch.>, $JS.API.> and _INBOX.>", true},
	{nats.ErrSecureConnWanted, "TLS is on, and the server does not offer it", true},
	{nats.ErrSecureConnRequired, "the server asks for TLS", true},
	{fs.ErrNotExist, "a file is missing", true},
	{jetstream.ErrJetStreamNotEnabled, "JetStream is off on the server; start it with -js", true},
	{jetstream.ErrJetStreamNotEnabledForAccount, "JetStream is off for the user's account", true},
	{nats.ErrNoResponders, "nobody answers for JetStream; is it on, and does its cluster have a leader?", false},
	{jetstream.ErrNoStreamResponse, "no stream takes the subject; is nats.create_streams off?", false},
	{nats.ErrNoServers, "no server answers", false},
	{nats.ErrReconnectBufExceeded, "there is no connection at the moment", false},
	{nats.ErrDisconnected, "there is no connection at the moment", false},
	{nats.ErrTimeout, "the server does not answer in time", false},
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

// isPermanent tells an error that waiting does not mend.
func isPermanent(err error) bool {
	for _, a := range advice {
		if errors.Is(err, a.cause) {
			return a.permanent
		}
	}
	return isTLS(err) || errors.Is(err, nats.ErrBadSubject) || errors.Is(err, nats.ErrInvalidArg)
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

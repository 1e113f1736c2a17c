// Package advice says what an operator can do about an error of Kafka's client: a wrong address, TLS on one side only, wrong
// credentials, a missing topic or right.
package advice

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net"
	"syscall"

	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kgo"
)

// For is what to do about an error, "" when nobody knows.
func For(err error) string {
	for _, by := range [...]func(error) string{adviseTLS, adviseBroker, adviseNetwork} {
		if advice := by(err); advice != "" {
			return advice
		}
	}
	return ""
}

// adviseTLS is for a handshake that failed, or was expected on one side only.
func adviseTLS(err error) string {
	if _, ok := errors.AsType[tls.RecordHeaderError](err); ok {
		return "the broker does not speak TLS at this address: turn kafka.tls off, or use its TLS port"
	}
	if _, ok := errors.AsType[x509.UnknownAuthorityError](err); ok {
		return "the broker's certificate is signed by nobody that is trusted: name the authority's certificate in kafka.tls.ca_file"
	}
	if _, ok := errors.AsType[x509.HostnameError](err); ok {
		return "the broker's certificate is for another name: use that name in kafka.brokers, or set kafka.tls.server_name"
	}
	if e, ok := errors.AsType[x509.CertificateInvalidError](err); ok && e.Reason == x509.Expired {
		return "the broker's certificate has expired, or a clock is wrong"
	}
	if alert, ok := errors.AsType[tls.AlertError](err); ok {
		return fmt.Sprintf("the broker refuses the TLS handshake (%s): it may want a client certificate, kafka.tls.cert_file and key_file", alert)
	}
	if _, ok := errors.AsType[*kgo.ErrFirstReadEOF](err); ok {
		return "the broker hangs up at the first word: it expects TLS where kafka.tls is off, or the other way round, or SASL"
	}
	return ""
}

// adviseBroker is for what a broker answered.
func adviseBroker(err error) string {
	for _, a := range [...]struct {
		err    error
		advice string
	}{
		{kerr.SaslAuthenticationFailed, "the broker refuses the credentials: check kafka.sasl.user and its password"},
		{kerr.UnsupportedSaslMechanism, "the broker does not know the mechanism: set kafka.sasl.mechanism to one that it has"},
		{kerr.IllegalSaslState, "the broker expects no SASL, or another kind: check kafka.sasl.mechanism"},
		{kerr.TopicAuthorizationFailed, "the user has no right to the topic: grant it READ or WRITE, and DESCRIBE"},
		{kerr.GroupAuthorizationFailed, "the user has no right to the consumer group: grant it READ on the group"},
		{kerr.ClusterAuthorizationFailed, "the user has no right to the cluster: grant it IDEMPOTENT_WRITE, and CREATE if it is to create topics"},
		{kerr.UnknownTopicOrPartition, "the topic is missing: create it, or let kafka.create_topics do it"},
		{kerr.UnknownTopicID, "the topic was deleted: make it anew, and it is read from its beginning"},
		{kerr.InvalidReplicationFactor, "there are fewer brokers than copies wanted: set kafka.replicas"},
		{kerr.PolicyViolation, "the cluster's policy forbids the topic as it is: create it yourself"},
	} {
		if errors.Is(err, a.err) {
			return a.advice
		}
	}
	return ""
}

// adviseNetwork is for addresses where no broker is.
func adviseNetwork(err error) string {
	if dns, ok := errors.AsType[*net.DNSError](err); ok {
		return fmt.Sprintf("the name %q is not known here: check kafka.brokers, and what the brokers advertise", dns.Name)
	}
	where := "that address"
	if op, ok := errors.AsType[*net.OpError](err); ok && op.Addr != nil {
		where = op.Addr.String()
	}
	switch {
	case errors.Is(err, syscall.ECONNREFUSED):
		return fmt.Sprintf("nothing listens at %s: check kafka.brokers, what the brokers advertise, and that they run", where)
	case errors.Is(err, syscall.EHOSTUNREACH), errors.Is(err, syscall.ENETUNREACH):
		return fmt.Sprintf("there is no way to %s: check kafka.brokers and the network", where)
	case errors.Is(err, io.EOF), errors.Is(err, syscall.ECONNRESET):
		return "the broker hangs up: check that the port is Kafka's, kafka.tls, and the credentials in kafka.sasl"
	case errors.Is(err, context.DeadlineExceeded), isTimeout(err):
		return "no broker answers in time: check kafka.brokers, kafka.tls, a firewall, and that the brokers run"
	}
	return ""
}

func isTimeout(err error) bool {
	n, ok := errors.AsType[net.Error](err)
	return ok && n.Timeout()
}

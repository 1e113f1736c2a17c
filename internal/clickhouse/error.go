package clickhouse

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net"
	"regexp"
	"strings"

	"github.com/ClickHouse/ch-go"
	"github.com/ClickHouse/clickhouse-go/v2"
)

// Class is a kind of trouble with a store; the set is closed, so that it can be counted by.
type Class uint8

// The classes.
const (
	ClassUnknown    Class = iota
	ClassNetwork          // not reached, or the connection broke
	ClassTimeout          // no answer in time
	ClassBusy             // the server has too much to do, or no room, for now
	ClassReadOnly         // the server takes no writes for now
	ClassServer           // something else that the server could not do
	ClassLogin            // the server does not let the user in
	ClassDenied           // the user may not do it
	ClassSchema           // tables or columns are not as the program expects them
	ClassProtocol         // what answers does not speak the native protocol
	ClassEncryption       // the two ends do not agree on TLS
	classes
)

var classNames = [classes]string{
	"unknown", "network", "timeout", "busy", "readonly", "server", "login", "denied", "schema", "protocol", "encryption",
}

// String is the class's name in metrics.
func (c Class) String() string {
	if c >= classes {
		return classNames[ClassUnknown]
	}
	return classNames[c]
}

// Temporary tells whether the same thing may work later without anybody changing the configuration or the schema.
func (c Class) Temporary() bool {
	switch c {
	case ClassLogin, ClassDenied, ClassSchema, ClassProtocol, ClassEncryption:
		return false
	default:
		return true
	}
}

// Error is trouble with a store: what was done, at which server, of which class. Its text says what to do about it.
type Error struct {
	Op      string // a gerund: "inserting events"
	Address string // host:port, "" when it is not known
	Class   Class
	Err     error
}

// Error is the trouble in words, with advice.
func (e *Error) Error() string {
	where := "ClickHouse"
	if e.Address != "" {
		where += " at " + e.Address
	}
	// The server goes on with hints of its own, over many lines.
	said, _, _ := strings.Cut(e.Err.Error(), "\n")
	text := fmt.Sprintf("%s: %s: %s", e.Op, where, said)
	if a := e.Class.advice(); a != "" {
		text += " (" + a + ")"
	}
	return text
}

// Unwrap is the cause.
func (e *Error) Unwrap() error { return e.Err }

// Temporary tells whether the same thing may work later.
func (e *Error) Temporary() bool { return e.Class.Temporary() }

func (c Class) advice() string {
	switch c {
	case ClassNetwork:
		return "is the server running, and is clickhouse.addresses its native port, usually 9000?"
	case ClassTimeout:
		return "the server did not answer in time"
	case ClassBusy:
		return "the server has no room or too much to do for now"
	case ClassReadOnly:
		return "the server takes no writes for now"
	case ClassLogin:
		return "check clickhouse.user and clickhouse.password"
	case ClassDenied:
		return "grant the user SELECT, INSERT, CREATE and ALTER on the database, and SELECT on system"
	case ClassSchema:
		return "the tables are not those that this program expects: undo what was changed by hand, or start the detector " +
			"again, which makes what is missing (clickhouse.migrate)"
	case ClassProtocol:
		return "what answers there does not speak the native protocol: give its native port, usually 9000, not its HTTP port"
	case ClassEncryption:
		return "check clickhouse.tls: one end speaks TLS and the other does not, or the certificate is not trusted"
	default:
		return ""
	}
}

// fault makes an error of what went wrong at a server.
func fault(op, addr string, err error) *Error {
	if e, ok := errors.AsType[*Error](err); ok {
		return e
	}
	return &Error{Op: op, Address: addr, Class: classify(err), Err: plain(err)}
}

// plain takes the client's own names of steps out of what the server said.
func plain(err error) error {
	if native, ok := errors.AsType[*ch.Exception](err); ok {
		return native
	}
	return err
}

func classify(err error) Class {
	if code, ok := exception(err); ok {
		return classOfCode(code)
	}
	var (
		header    tls.RecordHeaderError
		alert     tls.AlertError
		untrusted *tls.CertificateVerificationError
		unknown   x509.UnknownAuthorityError
		wrongHost x509.HostnameError
		network   net.Error
	)
	switch {
	case errors.Is(err, errHTTP):
		return ClassProtocol
	case errors.As(err, &header), errors.As(err, &alert), errors.As(err, &untrusted), errors.As(err, &unknown),
		errors.As(err, &wrongHost):
		return ClassEncryption
	case errors.Is(err, context.DeadlineExceeded), errors.Is(err, context.Canceled):
		return ClassTimeout
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, net.ErrClosed):
		return ClassNetwork
	case errors.As(err, &network):
		if network.Timeout() {
			return ClassTimeout
		}
		return ClassNetwork
	}
	return classOfText(err.Error())
}

// badPacket is what the clients say when the first byte of an answer is none of the protocol's.
var badPacket = regexp.MustCompile(`(?:bad server packet type|unexpected packet) \[?(\d+)\]?`)

func classOfText(text string) Class {
	m := badPacket.FindStringSubmatch(text)
	switch {
	case m == nil:
		return ClassUnknown
	case m[1] == "21": // a TLS alert
		return ClassEncryption
	default: // 72 is the H of HTTP
		return ClassProtocol
	}
}

// exception is the code of what a server said.
func exception(err error) (int, bool) {
	if native, ok := errors.AsType[*ch.Exception](err); ok {
		return int(native.Code), true
	}
	if other, ok := errors.AsType[*clickhouse.Exception](err); ok {
		return int(other.Code), true
	}
	return 0, false
}

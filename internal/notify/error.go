package notify

import (
	"fmt"
	"strings"
	"time"
)

// Reason is why a delivery failed. It is a metric label and the reason of a dead letter.
type Reason uint8

// The reasons.
const (
	Unknown     Reason = iota
	Timeout            // no answer in time
	Unreachable        // no connection
	Untrusted          // the certificate is not trusted
	RateLimited        // too many at once
	Unavailable        // the receiver, or what is in front of it, is away for a while
	ServerError        // the receiver fails at this notification
	Forbidden          // the address is private, and private ones are not allowed
	Redirected         // the receiver is somewhere else
	Denied             // the receiver does not know us
	Gone               // there is no receiver
	Rejected           // the receiver does not take this notification
	TooLarge           // the notification is larger than the receiver takes
	reasons
)

var reasonNames = [reasons]string{
	"unknown", "timeout", "unreachable", "untrusted", "rate_limited", "unavailable", "server_error", "forbidden_address",
	"redirected", "denied", "gone", "rejected", "too_large",
}

var sentences = [reasons]string{
	"the delivery failed",
	"the receiver does not answer in time",
	"the receiver cannot be reached",
	"the receiver's certificate is not trusted",
	"the receiver asks for fewer notifications",
	"the receiver is not available",
	"the receiver fails",
	"the receiver's address is private; alerter.allow_private would allow it",
	"the receiver redirects, which is not followed; configure the address it has moved to",
	"the receiver denies access; check its URL or key",
	"there is no such receiver any more",
	"the receiver rejects the notification",
	"the notification is too large for the receiver",
}

// String is the reason's name in metrics and dead letters.
func (r Reason) String() string {
	if r >= reasons {
		return reasonNames[Unknown]
	}
	return reasonNames[r]
}

// Error is a delivery that failed. It holds no secret: no URL, no key, and nothing that the network said verbatim.
type Error struct {
	Reason Reason
	// Status is the HTTP status of the answer; 0 is none.
	Status int
	// RetryAfter is how long the receiver asks to be left alone; 0 when it does not.
	RetryAfter time.Duration
	// Detail is what the receiver says, in its documented words only.
	Detail string
}

// Error says what happened and what to do.
func (e *Error) Error() string {
	var b strings.Builder
	if e.Reason < reasons {
		b.WriteString(sentences[e.Reason])
	} else {
		b.WriteString(sentences[Unknown])
	}
	if e.Status != 0 {
		fmt.Fprintf(&b, " (status %d)", e.Status)
	}
	if e.Detail != "" {
		b.WriteString(": " + e.Detail)
	}
	return b.String()
}

// Temporary tells whether another attempt may succeed without anybody doing anything about it here.
func (e *Error) Temporary() bool {
	switch e.Reason {
	case Unknown, Timeout, Unreachable, Untrusted, RateLimited, Unavailable, ServerError:
		return true
	case Forbidden, Redirected, Denied, Gone, Rejected, TooLarge, reasons:
		return false
	default:
		return false
	}
}

// OfReceiver tells whether the receiver is in trouble, and not this notification only.
func (e *Error) OfReceiver() bool { return e.Reason != Rejected && e.Reason != TooLarge }

// reasonOf is what a status other than success means.
func reasonOf(status int) Reason {
	switch {
	case status == 429:
		return RateLimited
	case status == 408, status == 425:
		return Unavailable
	case status == 502, status == 503, status == 504:
		return Unavailable
	case status >= 500:
		return ServerError
	case status == 401, status == 403, status == 407:
		return Denied
	case status == 404, status == 410:
		return Gone
	case status == 413:
		return TooLarge
	case status >= 400:
		return Rejected
	case status >= 300:
		return Redirected
	default:
		return Unknown
	}
}

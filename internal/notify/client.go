package notify

import (
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"maps"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"time"
)

const (
	dialTimeout = 5 * time.Second
	// attemptTimeout is how long one delivery may take.
	attemptTimeout = 15 * time.Second
	// maxAnswer is how much of an answer is read.
	maxAnswer = 64 << 10
	// maxRetryAfter is the longest that a receiver is left alone because it asks for it.
	maxRetryAfter = time.Hour
)

// Client posts JSON to receivers. It goes only where it is sent: no proxy of the environment, no redirect, no private
// address unless allowed. What it returns as errors names neither the URL nor what the network said. Any goroutine may
// use a Client.
type Client struct {
	http         *http.Client
	allowPrivate bool
	timeout      time.Duration
}

// NewClient makes a client.
func NewClient(allowPrivate bool) *Client {
	dialer := &net.Dialer{Timeout: dialTimeout, KeepAlive: 30 * time.Second}
	if !allowPrivate {
		dialer.Control = guard
	}
	return &Client{
		allowPrivate: allowPrivate, timeout: attemptTimeout,
		http: &http.Client{
			Transport: &http.Transport{
				DialContext: dialer.DialContext, TLSHandshakeTimeout: dialTimeout, ResponseHeaderTimeout: attemptTimeout,
				TLSClientConfig: &tls.Config{MinVersion: tls.VersionTLS12}, ForceAttemptHTTP2: true, DisableCompression: true,
				MaxIdleConnsPerHost: 2, IdleConnTimeout: 90 * time.Second, MaxResponseHeaderBytes: maxAnswer,
			},
			CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		},
	}
}

// WithTimeout is the client with another time for one delivery.
func (c *Client) WithTimeout(d time.Duration) *Client {
	other := *c
	other.timeout = d
	return &other
}

// CheckURL tells whether a receiver's URL can be used; the error does not repeat it.
func (c *Client) CheckURL(raw string) error {
	u, err := url.Parse(raw)
	switch {
	case raw == "":
		return errors.New("the url is empty")
	case err != nil || u.Hostname() == "":
		return errors.New("the url is none")
	case u.Scheme != "https" && u.Scheme != "http":
		return errors.New("the url begins with neither https:// nor http://")
	case u.Scheme == "http" && !c.allowPrivate:
		return errors.New("the url is not encrypted; use https:// (http:// is for private addresses, with alerter.allow_private)")
	default:
		return nil
	}
}

// Request is what is posted.
type Request struct {
	URL    string
	Header http.Header
	Body   []byte
	// Explain takes a receiver's documented words out of an answer that refuses; nil takes none. What it returns must not
	// hold a secret even if the answer does.
	Explain func(body []byte) string
}

// Post posts JSON and returns nil when the answer is a success, else an *Error.
func (c *Client) Post(ctx context.Context, r Request) error {
	ctx, cancel := context.WithTimeout(ctx, c.timeout)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, r.URL, bytes.NewReader(r.Body))
	if err != nil {
		return &Error{Reason: Rejected, Detail: "the url is none"}
	}
	maps.Copy(req.Header, r.Header)
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("User-Agent", "gatewatch")
	res, err := c.http.Do(req) //nolint:gosec // the URL is the operator's, and the guard looks at the address
	if err != nil {
		return classify(err)
	}
	// The status counts, so an answer that breaks off is read as far as it goes.
	body, _ := io.ReadAll(io.LimitReader(res.Body, maxAnswer))
	if err := res.Body.Close(); err != nil && res.StatusCode/100 != 2 {
		return classify(err)
	}
	if res.StatusCode/100 == 2 {
		return nil
	}
	e := &Error{Reason: reasonOf(res.StatusCode), Status: res.StatusCode, RetryAfter: retryAfter(res.Header)}
	if r.Explain != nil {
		e.Detail = r.Explain(body)
	}
	return e
}

// classify names the kind of an error of the network. The error itself would tell the URL.
func classify(err error) *Error {
	if errors.Is(err, errForbidden) {
		return &Error{Reason: Forbidden}
	}
	if _, ok := errors.AsType[*tls.CertificateVerificationError](err); ok {
		return &Error{Reason: Untrusted}
	}
	if _, ok := errors.AsType[x509.UnknownAuthorityError](err); ok {
		return &Error{Reason: Untrusted}
	}
	if dns, ok := errors.AsType[*net.DNSError](err); ok && !dns.IsTimeout {
		return &Error{Reason: Unreachable, Detail: "its name cannot be resolved"}
	}
	if t, ok := errors.AsType[net.Error](err); ok && t.Timeout() || errors.Is(err, context.DeadlineExceeded) {
		return &Error{Reason: Timeout}
	}
	return &Error{Reason: Unreachable}
}

// retryAfter reads the header of that name: seconds or a date.
func retryAfter(h http.Header) time.Duration {
	v := h.Get("Retry-After")
	if v == "" {
		return 0
	}
	if s, err := strconv.ParseFloat(v, 64); err == nil && s >= 0 && s < 1e9 {
		return min(time.Duration(s*float64(time.Second)), maxRetryAfter)
	}
	if at, err := http.ParseTime(v); err == nil {
		return min(max(time.Until(at), 0), maxRetryAfter)
	}
	return 0
}

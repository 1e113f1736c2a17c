package push

import (
	"context"
	"crypto/sha256"
	"crypto/subtle"
	"net/http"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// ServeHTTP implements http.Handler.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	start := time.Now()
	k := kindOf(r)
	result := s.serve(w, r, k)
	result.write(w, k)
	s.metrics.answered(k, result.code, time.Since(start))
}

// serve takes a request as far as it gets.
func (s *Server) serve(w http.ResponseWriter, r *http.Request, k kind) reply {
	if refused, ok := s.admit(r, k); !ok {
		return refused
	}
	select {
	case s.slots <- struct{}{}:
		defer func() { <-s.slots }()
	default:
		return busy("too many requests at a time")
	}
	body, refused := s.readBody(w, r)
	if body == nil {
		return refused
	}
	records, dropped, err := s.records(k, body.Bytes(), serviceOf(r))
	if err != nil {
		s.budget.give(body.taken)
		return failure(err)
	}
	overhead := int64(len(records)) * recordOverhead
	if !s.budget.take(overhead) {
		s.budget.give(body.taken)
		return busy("too much is waiting for kafka")
	}
	if err := s.produce(r.Context(), records, body.taken+overhead); err != nil {
		return failure(err)
	}
	s.metrics.took(k, len(records), body.Len())
	return accepted(len(records), dropped)
}

// admit refuses what need not be read.
func (s *Server) admit(r *http.Request, k kind) (reply, bool) {
	switch {
	case r.URL.Path != Path:
		return reply{code: http.StatusNotFound, message: "logs are posted to " + Path}, false
	case r.Method != http.MethodPost:
		return reply{code: http.StatusMethodNotAllowed, message: "logs are posted"}.with("Allow", http.MethodPost), false
	case s.cfg.Token != "" && !s.authorised(r):
		return reply{code: http.StatusUnauthorized, message: "the bearer token is missing or wrong"}.
			with("WWW-Authenticate", `Bearer realm="gatewatch"`), false
	case s.cfg.Token == "" && r.Header.Get("Origin") != "":
		// Without a token only this machine's programs are meant, not the pages its browser shows.
		return reply{code: http.StatusForbidden, message: "web pages may not post logs"}, false
	case s.stopping.Load():
		return unavailable("the service is stopping"), false
	case k == unknown:
		return reply{code: http.StatusUnsupportedMediaType, message: "the content type must be one of " + contentTypes}, false
	case !isName(serviceOf(r)):
		return reply{code: http.StatusBadRequest, message: "the service's name is too long or holds control characters"}, false
	default:
		return reply{}, true
	}
}

// authorised compares hashes, so that neither the token's content nor its length shows in the time it takes.
func (s *Server) authorised(r *http.Request) bool {
	scheme, token, _ := strings.Cut(r.Header.Get("Authorization"), " ")
	sum := sha256.Sum256([]byte(strings.TrimSpace(token)))
	return subtle.ConstantTimeCompare(sum[:], s.token[:]) == 1 && strings.EqualFold(scheme, "Bearer")
}

func serviceOf(r *http.Request) string {
	if name := r.Header.Get("X-Gatewatch-Service"); name != "" {
		return name
	}
	return r.URL.Query().Get("service")
}

// maxName is how long a service's name may be, in bytes.
const maxName = 255

func isName(s string) bool {
	return len(s) <= maxName && utf8.ValidString(s) && !strings.ContainsFunc(s, unicode.IsControl)
}

// produce hands records over and waits until all of them are safe. The memory of those that are not yet settled when it
// gives up waiting stays counted until they are.
func (s *Server) produce(ctx context.Context, records []Record, taken int64) error {
	if len(records) == 0 {
		s.budget.give(taken)
		return nil
	}
	ctx, cancel := context.WithTimeout(ctx, s.cfg.Wait)
	defer cancel()
	d := newDelivery(len(records), func() { s.budget.give(taken) })
	for _, r := range records {
		s.sink.Produce(ctx, r, d.done)
	}
	return d.wait(ctx)
}

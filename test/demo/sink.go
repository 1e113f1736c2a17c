package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"net"
	"net/http"
	"sync"
	"time"
)

// sink is the webhook that takes the alerts.
type sink struct {
	mu       sync.Mutex
	alerts   int
	first    time.Time         // when the first came
	entities map[string]string // the highest severity told of each
}

// serve listens on loopback and returns the URL.
func (s *sink) serve(ctx context.Context) (url string, stop func(), err error) {
	s.entities = map[string]string{}
	l, err := (&net.ListenConfig{}).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return "", nil, fmt.Errorf("listening for alerts: %w", err)
	}
	server := &http.Server{Handler: s, ReadTimeout: 10 * time.Second}
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		_ = server.Serve(l) // ends with Close
	}()
	return "http://" + l.Addr().String() + "/alerts", func() {
		_ = server.Close()
		<-ended
	}, nil
}

// ServeHTTP implements http.Handler.
func (s *sink) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, 1<<20))
	if err == nil {
		err = s.take(body)
	}
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	w.WriteHeader(http.StatusNoContent)
}

func (s *sink) take(body []byte) error {
	var alert struct {
		Type string
		Data struct {
			Severity string
			Entity   struct{ Value string }
		}
	}
	if err := json.Unmarshal(body, &alert); err != nil {
		return fmt.Errorf("reading alert: %w", err)
	}
	if alert.Type == "" || alert.Data.Entity.Value == "" {
		return errors.New("an alert without type or entity")
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.alerts++; s.alerts == 1 {
		s.first = time.Now()
	}
	s.entities[alert.Data.Entity.Value] = alert.Data.Severity
	return nil
}

// since is how long after a moment the first alert came.
func (s *sink) since(began time.Time) time.Duration {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.first.Sub(began)
}

// told is how many alerts came, and about whom.
func (s *sink) told() (alerts int, entities map[string]string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.alerts, maps.Clone(s.entities)
}

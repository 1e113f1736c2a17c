package pipeline

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
	"time"
)

// Receiver is the webhook at the end of the pipeline.
type Receiver struct {
	url string

	mu   sync.Mutex
	ids  map[string]int       // deliveries by webhook-id
	told map[string]time.Time // when it was first told of an entity
}

func newReceiver(t testing.TB) *Receiver {
	t.Helper()
	r := &Receiver{ids: map[string]int{}, told: map[string]time.Time{}}
	server := httptest.NewServer(r)
	t.Cleanup(server.Close)
	r.url = server.URL
	return r
}

// ServeHTTP implements http.Handler.
func (r *Receiver) ServeHTTP(w http.ResponseWriter, req *http.Request) {
	at := time.Now()
	var body struct {
		Data struct {
			Entity struct{ Value string }
		}
	}
	if err := json.NewDecoder(req.Body).Decode(&body); err != nil || body.Data.Entity.Value == "" {
		http.Error(w, "no alert", http.StatusBadRequest)
		return
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.ids[req.Header.Get("webhook-id")]++
	if _, known := r.told[body.Data.Entity.Value]; !known {
		r.told[body.Data.Entity.Value] = at
	}
}

// Tells tells whether an alert about an entity has come, and when the first did.
func (r *Receiver) Tells(entity string) (at time.Time, told bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	at, told = r.told[entity]
	return at, told
}

// Repeated is how many deliveries were repetitions of one notification.
func (r *Receiver) Repeated() int {
	r.mu.Lock()
	defer r.mu.Unlock()
	n := 0
	for _, times := range r.ids {
		n += times - 1
	}
	return n
}

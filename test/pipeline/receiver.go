package pipeline

import (
	"encoding/json"
	"hash/maphash"
	"io"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
	"time"
)

// Receiver is the webhook at the end of the pipeline.
type Receiver struct {
	url  string
	seed maphash.Seed

	mu      sync.Mutex
	ids     map[string]int       // deliveries by webhook-id
	bodies  map[string]uint64    // hash of the body, by webhook-id
	changed int                  // repetitions that said something else
	told    map[string]time.Time // when it was first told of an entity
}

func newReceiver(t testing.TB) *Receiver {
	t.Helper()
	r := &Receiver{seed: maphash.MakeSeed(), ids: map[string]int{}, bodies: map[string]uint64{}, told: map[string]time.Time{}}
	server := httptest.NewServer(r)
	t.Cleanup(server.Close)
	r.url = server.URL
	return r
}

// ServeHTTP implements http.Handler.
func (r *Receiver) ServeHTTP(w http.ResponseWriter, req *http.Request) {
	at := time.Now()
	raw, err := io.ReadAll(req.Body)
	if err != nil {
		http.Error(w, "no body", http.StatusBadRequest)
		return
	}
	var body struct {
		Data struct {
			Entity struct{ Value string }
		}
	}
	if err := json.Unmarshal(raw, &body); err != nil || body.Data.Entity.Value == "" {
		http.Error(w, "no alert", http.StatusBadRequest)
		return
	}
	r.note(req.Header.Get("webhook-id"), body.Data.Entity.Value, maphash.Bytes(r.seed, raw), at)
}

func (r *Receiver) note(id, entity string, sum uint64, at time.Time) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.ids[id]++; r.ids[id] > 1 && r.bodies[id] != sum {
		r.changed++
	}
	r.bodies[id] = sum
	if _, known := r.told[entity]; !known {
		r.told[entity] = at
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

// Changed is how many repetitions of a notification had another body than the first.
func (r *Receiver) Changed() int {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.changed
}

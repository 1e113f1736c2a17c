package ingest

import "fmt"

// limits are the bytes that topics take in one batch.
type limits map[string]int32

const (
	// defaultLimit is what a topic takes by the brokers' defaults.
	defaultLimit = 1_000_000
	// leastLimit is the least that a topic is believed to take.
	leastLimit = 8 << 10
	// batchRoom is the room in a batch for its own header, and a record's key and headers.
	batchRoom = 2 << 10
)

// learn takes over what the topics say, unless less was found out. Without the right to ask, what is known stays.
func (l limits) learn(said map[string]int32, err error) {
	if err != nil {
		return
	}
	for topic, n := range said {
		if before, ok := l[topic]; !ok || n < before {
			l[topic] = n
		}
	}
}

// lower takes less for granted.
func (l limits) lower(topic string) { l[topic] = int32(max(l.of(topic)/2, leastLimit)) }

func (l limits) of(topic string) int {
	if n, ok := l[topic]; ok && n > 0 {
		return min(int(n), defaultLimit)
	}
	return defaultLimit
}

// topic is a topic with its limit.
func (l limits) topic(name string) topic { return topic{name: name, limit: l.of(name) - batchRoom} }

// tooLargeError is a batch that was larger than its topic takes. All its records came back, and some of another may have
// been stored meanwhile: to produce them again would change their order, so everything is read again.
type tooLargeError struct {
	topic string
	err   error
}

// Error implements error.
func (e *tooLargeError) Error() string { return fmt.Sprintf("topic %s: %v", e.topic, e.err) }

// Unwrap is the producer's error.
func (e *tooLargeError) Unwrap() error { return e.err }

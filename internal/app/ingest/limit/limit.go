// Package limit knows how many bytes topics take in one batch: what they say, unless they turned out to take less.
package limit

import "fmt"

// Limits are the bytes that topics take in one batch.
type Limits map[string]int32

const (
	// defaultLimit is what a topic takes by the brokers' defaults.
	defaultLimit = 1_000_000
	// leastLimit is the least that a topic is believed to take.
	leastLimit = 8 << 10
	// batchRoom is the room in a batch for its own header, and a record's key and headers.
	batchRoom = 2 << 10
)

// Learn takes over what the topics say, unless less was found out. Without the right to ask, what is known stays.
func (l Limits) Learn(said map[string]int32, err error) {
	if err != nil {
		return
	}
	for topic, n := range said {
		if before, ok := l[topic]; !ok || n < before {
			l[topic] = n
		}
	}
}

// Lower takes less for granted.
func (l Limits) Lower(topic string) { l[topic] = int32(max(l.of(topic)/2, leastLimit)) }

func (l Limits) of(topic string) int {
	if n, ok := l[topic]; ok && n > 0 {
		return min(int(n), defaultLimit)
	}
	return defaultLimit
}

// Value is the largest value that is produced to a topic.
func (l Limits) Value(topic string) int { return l.of(topic) - batchRoom }

// Error is a batch that was larger than its topic takes. All its records came back, and some of another may have
// been stored meanwhile: to produce them again would change their order, so everything is read again.
type Error struct {
	Topic string
	// Err is the producer's error.
	Err error
}

// Error implements error.
func (e *Error) Error() string { return fmt.Sprintf("topic %s: %v", e.Topic, e.Err) }

// Unwrap is Err.
func (e *Error) Unwrap() error { return e.Err }

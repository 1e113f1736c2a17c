package kafka

import (
	"encoding/hex"
	"strings"
)

// shownID is how many bytes of a topic's id are shown.
const shownID = 4

// Source names the topic of the batch and no other, with a part of its id: one that is deleted and made anew under its name
// begins with offsets that have been heard. Brokers that know no ids give the name alone.
func (b *Batch) Source() string {
	if b.TopicID == [16]byte{} {
		return b.Partition.Topic
	}
	return b.Partition.Topic + "@" + hex.EncodeToString(b.TopicID[:shownID])
}

// TopicOf is the topic's own name, of a name that Source gave. Topics have no @ in their names.
func TopicOf(source string) string {
	topic, _, _ := strings.Cut(source, "@")
	return topic
}

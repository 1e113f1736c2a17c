// Package checkpoint is what a fold needs to go on after a crash as if there had been none: how far it has read, how far
// it has heard each source, its state, and which batches of rows it was about to store. It holds values and their bytes;
// who keeps them, and where, is another's business.
package checkpoint

import (
	"encoding/binary"
	"errors"
	"fmt"

	"github.com/zeebo/xxh3"
)

// Source is a partition of a topic.
type Source struct {
	Topic     string
	Partition int32
}

// String is the source as people write it.
func (s Source) String() string { return fmt.Sprintf("%s/%d", s.Topic, s.Partition) }

// Checkpoint is a fold's position and state, kept as one value so that they cannot disagree.
type Checkpoint struct {
	// Source is what is folded.
	Source Source
	// Topic tells the topic from another that had its name before or has it now: an offset in one means nothing in the
	// other. Zero where it is not known.
	Topic [16]byte
	// Position is the offset to read next.
	Position int64
	// Key identifies the hash key under which the state was made; it tells nothing about the key.
	Key uint64
	// Marks are how far each source of events has been heard.
	Marks *Marks
	// State is the engine's snapshot. After Decode it aliases the bytes decoded.
	State []byte
}

// Sealed is an encoded checkpoint.
type Sealed struct {
	Source   Source
	Position int64
	Bytes    []byte
}

const (
	// magic begins every checkpoint: the format's name and version.
	magic = "GWC\x02"
	// sealSize is the size of the checksums behind the head and at the end.
	sealSize = 8
	// maxTopic bounds a topic's name; Kafka takes 249 bytes, and files and endpoints have names as well.
	maxTopic = 4096
)

var (
	errMagic   = errors.New("no checkpoint of a version this program knows")
	errDamaged = errors.New("it is damaged")
)

// AppendTo appends the checkpoint to b, with what state appends in place of State: a snapshot may be large, and so is
// written where it will be read. Equal checkpoints give equal bytes.
func (c *Checkpoint) AppendTo(b []byte, state func([]byte) ([]byte, error)) ([]byte, error) {
	start := len(b)
	b = append(b, magic...)
	b = append(b, 0, 0, 0, 0)
	head := len(b)
	b = appendText(b, c.Source.Topic)
	b = binary.LittleEndian.AppendUint32(b, uint32(c.Source.Partition))
	b = append(b, c.Topic[:]...)
	b = binary.LittleEndian.AppendUint64(b, uint64(c.Position))
	b = binary.LittleEndian.AppendUint64(b, c.Key)
	b = c.Marks.appendTo(b)
	binary.LittleEndian.PutUint32(b[head-4:], uint32(len(b)-head))
	b = binary.LittleEndian.AppendUint64(b, xxh3.Hash(b[start:]))
	b, err := state(b)
	if err != nil {
		return b[:start], fmt.Errorf("taking snapshot: %w", err)
	}
	return binary.LittleEndian.AppendUint64(b, xxh3.Hash(b[start:])), nil
}

// Decode reads a checkpoint; at most limit marks are kept.
func Decode(b []byte, limit int) (*Checkpoint, error) {
	c, rest, err := decodeHead(b, limit)
	if err == nil && (len(rest) < sealSize || !sealed(b)) {
		err = errDamaged
	}
	if err != nil {
		return nil, fmt.Errorf("reading checkpoint: %w", err)
	}
	c.State = rest[:len(rest)-sealSize]
	return c, nil
}

func decodeHead(b []byte, limit int) (c *Checkpoint, rest []byte, err error) {
	if len(b) < len(magic) || string(b[:len(magic)]) != magic {
		return nil, nil, errMagic
	}
	at := len(magic) + 4
	if len(b) < at {
		return nil, nil, errDamaged
	}
	size := int64(binary.LittleEndian.Uint32(b[len(magic):]))
	if int64(len(b)-at) < size+sealSize {
		return nil, nil, errDamaged
	}
	end := at + int(size) + sealSize
	if !sealed(b[:end]) {
		return nil, nil, errDamaged
	}
	r := reader{b: b[at : end-sealSize]}
	c = &Checkpoint{
		Source:   Source{Topic: r.text(), Partition: int32(r.u32())},
		Topic:    r.id(),
		Position: int64(r.u64()),
		Key:      r.u64(),
		Marks:    NewMarks(limit),
	}
	c.Marks.readFrom(&r)
	if r.short || len(r.b) > 0 || c.Position < 0 {
		return nil, nil, errDamaged
	}
	return c, b[end:], nil
}

// sealed tells whether bytes end with their checksum.
func sealed(b []byte) bool {
	body := b[:len(b)-sealSize]
	return binary.LittleEndian.Uint64(b[len(body):]) == xxh3.Hash(body)
}

// Kept is what is known of a source when its fold begins.
type Kept struct {
	// Checkpoint is the newest that is whole, nil when there is none.
	Checkpoint *Checkpoint
	// Plans are the batches planned at or after the checkpoint's position.
	Plans []Plan
	// Damaged is how many checkpoints could not be read.
	Damaged int
}

// Package damage tells a batch of records that is not what was written from one that was never written as records.
package damage

import (
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"

	"github.com/twmb/franz-go/pkg/kgo"
	"github.com/twmb/franz-go/pkg/kmsg"
)

// Condition is what is known of a batch.
type Condition uint8

const (
	// Sound is a batch that can be read.
	Sound Condition = iota
	// Damaged is a batch that is not what was written, as its checksum tells. Another replica may have it as it was.
	Damaged
	// Unreadable is a batch that was written as it is, by who made no records of it: nobody will ever read it.
	Unreadable
)

// Verdict is the first batch from an offset on that is not sound.
type Verdict struct {
	Condition Condition
	// First is the batch's first offset, and Next the one after its last.
	First, Next int64
	// Err is why it cannot be read, nil when it can.
	Err error
}

const (
	batchHeader  = 61 // bytes before a batch's records
	batchLength  = 8  // where its length is, which counts what follows it
	batchMagic   = 16
	batchSum     = 17 // where its checksum is, of what follows that
	batchContent = 21
	batchDelta   = 23 // where the offset of its last record is, less that of the first
)

// Judge reads what a broker answered to a fetch from an offset on, with the decompressor that will be used for it.
func Judge(at int64, answer []byte, d kgo.Decompressor) Verdict {
	for in := answer; len(in) >= batchHeader; {
		first := int64(binary.BigEndian.Uint64(in))
		size := int64(int32(binary.BigEndian.Uint32(in[batchLength:]))) + batchLength + 4
		if size < batchHeader || size > int64(len(in)) {
			return Verdict{} // what does not fit in an answer is cut off
		}
		batch := in[:size]
		in = in[size:]
		next := first + int64(int32(binary.BigEndian.Uint32(batch[batchDelta:]))) + 1
		if batch[batchMagic] == 2 && next <= at {
			continue
		}
		sum := crc32.Checksum(batch[batchContent:], crc32.MakeTable(crc32.Castagnoli))
		if batch[batchMagic] != 2 || sum != binary.BigEndian.Uint32(batch[batchSum:]) || next <= first {
			return Verdict{Damaged, first, next, errors.New("its checksum is wrong")}
		}
		fetched, until := kgo.ProcessFetchPartition(kgo.ProcessFetchPartitionOpts{Offset: at},
			&kmsg.FetchResponseTopicPartition{RecordBatches: batch},
			d, nil)
		if fetched.Err == nil && until < next {
			fetched.Err = fmt.Errorf("its records end before offset %d", next)
		}
		if fetched.Err != nil {
			return Verdict{Unreadable, first, next, fetched.Err}
		}
		at = next
	}
	return Verdict{}
}

package damage

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"math/rand/v2"
	"testing"

	"github.com/twmb/franz-go/pkg/kgo"
	"github.com/twmb/franz-go/pkg/kmsg"
)

// batchOf is a batch of n records as a producer makes it.
func batchOf(tb testing.TB, n int32, codec kgo.CompressionCodec) []byte {
	tb.Helper()
	var raw []byte
	for i := range n {
		r := kmsg.Record{OffsetDelta: i, Value: fmt.Appendf(nil, "the value of record %d of this batch", i)}
		r.Length = int32(len(r.AppendTo(nil)) - 1)
		raw = append(raw, r.AppendTo(nil)...)
	}
	c, err := kgo.DefaultCompressor(codec)
	if err != nil {
		tb.Fatal(err)
	}
	attributes := int16(0)
	if c != nil {
		out, used := c.Compress(new(bytes.Buffer), raw)
		raw, attributes = out, int16(used)
	}
	b := kmsg.RecordBatch{
		PartitionLeaderEpoch: -1, Magic: 2, Attributes: attributes, LastOffsetDelta: n - 1,
		ProducerID: -1, ProducerEpoch: -1, FirstSequence: -1, NumRecords: n, Records: raw,
	}
	batch := b.AppendTo(nil)
	binary.BigEndian.PutUint32(batch[batchLength:], uint32(len(batch)-12))
	return sealed(batch)
}

func sealed(batch []byte) []byte {
	binary.BigEndian.PutUint32(batch[batchSum:], crc32.Checksum(batch[batchContent:], crc32.MakeTable(crc32.Castagnoli)))
	return batch
}

// misshapen is a batch whose checksum is right, of something that cannot be decompressed.
func misshapen(batch []byte) []byte {
	b := bytes.Clone(batch)
	for i := batchHeader; i < len(b); i++ {
		b[i] ^= 0x55
	}
	return sealed(b)
}

// at is the batch as a broker stores it.
func at(offset int64, batch []byte) []byte {
	b := bytes.Clone(batch)
	binary.BigEndian.PutUint64(b, uint64(offset))
	return b
}

func TestJudge(t *testing.T) {
	t.Parallel()
	good := batchOf(t, 10, kgo.Lz4Compression())
	plain := batchOf(t, 10, kgo.NoCompression())
	bent, flipped := misshapen(good), bytes.Clone(good)
	flipped[70] ^= 1
	short := bytes.Clone(plain) // more records said than there are
	binary.BigEndian.PutUint32(short[57:], 20)
	binary.BigEndian.PutUint32(short[batchDelta:], 19)
	for _, tt := range []struct {
		name  string
		at    int64
		bytes []byte
		want  Verdict
	}{
		{"nothing", 0, nil, Verdict{}},
		{"good", 0, bytes.Join([][]byte{at(0, good), at(10, plain)}, nil), Verdict{}},
		{"cut off", 0, append(at(0, good), bent[:100]...), Verdict{}},
		{"flipped", 0, append(at(0, good), at(10, flipped)...), Verdict{Condition: Damaged, First: 10, Next: 20}},
		{"bent", 3, append(at(0, good), at(10, bent)...), Verdict{Condition: Unreadable, First: 10, Next: 20}},
		{"bent, and read already", 20, append(at(10, bent), at(20, good)...), Verdict{}},
		{"bent, and read in part", 15, at(10, bent), Verdict{Condition: Unreadable, First: 10, Next: 20}},
		{"fewer records than it says", 0, at(0, sealed(short)), Verdict{Condition: Unreadable, First: 0, Next: 20}},
		{"garbage", 0, bytes.Repeat([]byte("x"), 200), Verdict{}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got := Judge(tt.at, tt.bytes, kgo.DefaultDecompressor())
			if (got.Err != nil) != (got.Condition != Sound) {
				t.Errorf("condition %d with error %v", got.Condition, got.Err)
			}
			if got.Err = nil; got != tt.want {
				t.Errorf("got %+v, want %+v", got, tt.want)
			}
		})
	}
}

// TestJudgeAnything: whatever a broker answers is judged.
func TestJudgeAnything(t *testing.T) {
	t.Parallel()
	random := rand.New(rand.NewPCG(1, 1))
	batch := batchOf(t, 5, kgo.Lz4Compression())
	for range 5000 {
		b := bytes.Clone(batch)
		for range 1 + random.IntN(4) {
			b[random.IntN(len(b))] = byte(random.Uint32())
		}
		if random.IntN(2) == 0 {
			sealed(b)
		}
		Judge(random.Int64N(5), b[:random.IntN(len(b)+1)], kgo.DefaultDecompressor())
	}
}

package checkpoint

import (
	"bytes"
	"errors"
	"math/rand/v2"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"gatewatch/internal/event"
)

func sample(r *rand.Rand, sources int) *Checkpoint {
	c := &Checkpoint{
		Source: Source{"gatewatch.events.v1", 3}, Position: r.Int64N(1 << 40), Key: r.Uint64(), Marks: NewMarks(64),
	}
	for range 5 * sources {
		c.Marks.Advance(&event.Origin{Topic: "access.raw", Partition: r.Int32N(int32(sources) + 1), Offset: r.Int64N(1000)})
	}
	c.State = make([]byte, r.IntN(100))
	for i := range c.State {
		c.State[i] = byte(r.Uint32())
	}
	return c
}

func encode(t testing.TB, c *Checkpoint) []byte {
	t.Helper()
	b, err := c.AppendTo(nil, func(b []byte) ([]byte, error) { return append(b, c.State...), nil })
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func TestDecodeGivesBackWhatWasEncoded(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for range 200 {
		want := sample(r, r.IntN(20))
		b := encode(t, want)
		got, err := Decode(b, 64)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, got, cmpopts.IgnoreFields(Checkpoint{}, "Marks"), cmpopts.EquateEmpty()); diff != "" {
			t.Errorf("Decode (-want +got):\n%s", diff)
		}
		if again := encode(t, got); !bytes.Equal(b, again) {
			t.Errorf("encoding what was decoded gives other bytes")
		}
	}
}

func TestDecodeRefusesEveryDamage(t *testing.T) {
	b := encode(t, sample(rand.New(rand.NewPCG(3, 4)), 3))
	for i := range b {
		broken := bytes.Clone(b)
		broken[i] ^= 1
		if _, err := Decode(broken, 64); err == nil {
			t.Errorf("Decode took a checkpoint with byte %d changed", i)
		}
		if _, err := Decode(b[:i], 64); err == nil {
			t.Errorf("Decode took a checkpoint cut off at %d of %d bytes", i, len(b))
		}
	}
}

func TestAppendToTellsOfSnapshot(t *testing.T) {
	c := Checkpoint{Marks: NewMarks(1)}
	want := errors.New("no room")
	b, err := c.AppendTo([]byte("x"), func(b []byte) ([]byte, error) { return b, want })
	if !errors.Is(err, want) || string(b) != "x" {
		t.Errorf("AppendTo = %q, %v; want the bytes before it and the snapshot's error", b, err)
	}
}

func FuzzDecode(f *testing.F) {
	f.Add([]byte(magic))
	f.Add(encode(f, sample(rand.New(rand.NewPCG(5, 6)), 4)))
	f.Fuzz(func(t *testing.T, b []byte) {
		c, err := Decode(b, 8)
		if err != nil {
			return
		}
		if c.Marks.Len() > 8 {
			t.Errorf("%d marks, want at most 8", c.Marks.Len())
		}
		if _, err := Decode(encode(t, c), 8); err != nil {
			t.Errorf("Decode of what it gave: %v", err)
		}
	})
}

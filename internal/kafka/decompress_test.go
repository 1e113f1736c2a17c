package kafka

import (
	"bytes"
	"errors"
	"math/rand/v2"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/pierrec/lz4/v4"
	"github.com/twmb/franz-go/pkg/kgo"
)

func newBuffer() *bytes.Buffer { return bytes.NewBuffer(nil) }

// frameOf is an LZ4 frame around raw.
func frameOf(tb testing.TB, raw []byte, opts ...lz4.Option) []byte {
	tb.Helper()
	var out bytes.Buffer
	w := lz4.NewWriter(&out)
	if err := w.Apply(opts...); err != nil {
		tb.Fatal(err)
	}
	if _, err := w.Write(raw); err != nil {
		tb.Fatal(err)
	}
	if err := w.Close(); err != nil {
		tb.Fatal(err)
	}
	return out.Bytes()
}

// text compresses well, noise does not.
func text(n int) []byte { return bytes.Repeat([]byte("GET /index.html HTTP/1.1 200 "), n/29+1)[:n] }

func noise(n int) []byte {
	b := make([]byte, n)
	r := rand.NewChaCha8([32]byte{1})
	_, _ = r.Read(b)
	return b
}

func TestDecompress(t *testing.T) {
	mixed := append(append(text(300<<10), noise(200<<10)...), text(100)...)
	for _, tt := range []struct {
		name string
		raw  []byte
		opts []lz4.Option
	}{
		{"text", text(50 << 10), nil},
		{"text that grows much", text(3 << 20), nil},
		{"noise", noise(50 << 10), nil},
		{"one byte", []byte("x"), nil},
		{"nothing", nil, nil},
		{"small blocks", mixed, []lz4.Option{lz4.BlockSizeOption(lz4.Block64Kb)}},
		{"checksums of blocks", mixed, []lz4.Option{lz4.BlockSizeOption(lz4.Block256Kb), lz4.BlockChecksumOption(true)}},
		{"with its size", mixed, []lz4.Option{lz4.SizeOption(uint64(len(mixed)))}},
		{"with a wrong size of nothing", mixed, []lz4.Option{lz4.ChecksumOption(false)}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			m := newMemory()
			d := newDecompressor(m)
			src := frameOf(t, tt.raw, tt.opts...)
			for range 3 { // in fresh memory, and in memory used before
				got, err := d.Decompress(src, kgo.CodecLz4)
				if err != nil {
					t.Fatal(err)
				}
				if !bytes.Equal(got, tt.raw) {
					t.Fatalf("%d bytes, want the %d that went in", len(got), len(tt.raw))
				}
				clear(got)
				m.PutDecompressBytes(got[:cap(got)])
			}
			if len(m.lent) != 0 {
				t.Errorf("%d buffers are still lent", len(m.lent))
			}
		})
	}
}

// TestLinkedBlocks: liblz4 links the blocks of a frame when asked to; each may refer to 64 KiB before it.
func TestLinkedBlocks(t *testing.T) {
	// Two blocks by hand: four literals, then a match of 8 bytes that lies in the block before.
	frame := []byte{
		0x04, 0x22, 0x4d, 0x18, 0x40, 0x40, 0xc0, // version 1, linked, 64 KiB
		9, 0, 0, 0x80, 'a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i', // as it is
		12, 0, 0, 0, 0x14, 'X', 9, 0, 0x70, '1', '2', '3', '4', '5', '6', '7', // 1 literal, match of 8 at 9+1 back, 7 literals
		0, 0, 0, 0,
	}
	frame[6] = 0xc0
	d := newDecompressor(newMemory())
	got, err := d.Decompress(frame, kgo.CodecLz4)
	if err != nil {
		t.Fatal(err)
	}
	// 9 back from behind the X is the b.
	if want := "abcdefghi" + "X" + "bcdefghi" + "1234567"; string(got) != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestCodecs(t *testing.T) {
	raw := text(100 << 10)
	for _, tt := range []struct {
		name  string
		codec kgo.CompressionCodec
	}{
		{"gzip", kgo.GzipCompression()},
		{"snappy", kgo.SnappyCompression()},
		{"lz4", kgo.Lz4Compression()},
		{"zstd", kgo.ZstdCompression()},
	} {
		t.Run(tt.name, func(t *testing.T) {
			c, err := kgo.DefaultCompressor(tt.codec)
			if err != nil {
				t.Fatal(err)
			}
			src, codec := c.Compress(newBuffer(), raw)
			m := newMemory()
			got, err := newDecompressor(m).Decompress(src, codec)
			if err != nil {
				t.Fatal(err)
			}
			if !bytes.Equal(got, raw) {
				t.Errorf("%d bytes, want the %d that went in", len(got), len(raw))
			}
			m.PutDecompressBytes(got)
		})
	}
}

func TestDamagedFrames(t *testing.T) {
	good := frameOf(t, append(text(100<<10), noise(70<<10)...), lz4.BlockSizeOption(lz4.Block64Kb))
	d := newDecompressor(newMemory())
	for cut := 1; cut < len(good)-8; cut++ { // what is behind the last block is the end mark and a checksum that nobody needs
		if _, err := d.Decompress(good[:cut], kgo.CodecLz4); err == nil {
			t.Fatalf("a frame cut at %d of %d was taken for whole", cut, len(good))
		}
	}
}

func FuzzDecompress(f *testing.F) {
	f.Add(frameOf(f, text(1000)), text(10))
	f.Add(frameOf(f, noise(1000), lz4.BlockSizeOption(lz4.Block64Kb), lz4.BlockChecksumOption(true)), noise(10))
	f.Fuzz(func(t *testing.T, src, raw []byte) {
		m := newMemory()
		d := newDecompressor(m)
		got, err := d.Decompress(src, kgo.CodecLz4)
		want, theirs := kgo.DefaultDecompressor().Decompress(src, kgo.CodecLz4)
		// Checksums are not looked at by ours, so that it may take what the client's refuses.
		if theirs == nil && (err != nil || !bytes.Equal(got, want)) {
			t.Errorf("%d bytes and %v, want %d", len(got), err, len(want))
		}
		if err != nil && len(m.lent) != 0 && !errors.Is(err, kgo.ErrMaxDecompress) {
			t.Error("memory is lent for nothing")
		}
		whole := frameOf(t, raw)
		if got, err := d.Decompress(whole, kgo.CodecLz4); err != nil || !bytes.Equal(got, raw) {
			t.Errorf("%d bytes and %v, want %d", len(got), err, len(raw))
		}
	})
}

func TestShelf(t *testing.T) {
	s := shelf[byte]{limit: 3000}
	a := s.take(600)
	if cap(a) != 1024 {
		t.Errorf("capacity %d, want 1024", cap(a))
	}
	a[0] = 7
	s.put(a)
	if b := s.take(1000); b[0] != 7 {
		t.Error("a slice that was put back was not used again")
	}
	for range 10 {
		s.put(make([]byte, 1024))
	}
	if diff := cmp.Diff(2048, s.kept); diff != "" { // a third would be 3072
		t.Errorf("bytes kept (-want +got):\n%s", diff)
	}
}

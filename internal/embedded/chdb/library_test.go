package chdb

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"crypto/sha512"
	"encoding/base64"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// pack makes a package as npm does, with a library in it.
func pack(t *testing.T, name, content string) []byte {
	t.Helper()
	var b bytes.Buffer
	zw := gzip.NewWriter(&b)
	tw := tar.NewWriter(zw)
	for _, f := range [][2]string{{"package/package.json", "{}"}, {"package/" + name, content}} {
		if err := tw.WriteHeader(&tar.Header{Name: f[0], Mode: 0o644, Size: int64(len(f[1])), Typeflag: tar.TypeReg}); err != nil {
			t.Fatal(err)
		}
		if _, err := tw.Write([]byte(f[1])); err != nil {
			t.Fatal(err)
		}
	}
	if err := tw.Close(); err != nil {
		t.Fatal(err)
	}
	if err := zw.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func integrity(b []byte) string {
	sum := sha512.Sum512(b)
	return "sha512-" + base64.StdEncoding.EncodeToString(sum[:])
}

// registry serves a package as often as handle lets it.
func registry(t *testing.T, handle http.HandlerFunc) Source {
	t.Helper()
	server := httptest.NewServer(handle)
	t.Cleanup(server.Close)
	t.Setenv(PathVariable, "")
	return Source{CacheDir: t.TempDir(), Registry: server.URL + "/"}
}

func serve(b []byte) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(b))
	}
}

func TestLibraryIsFetchedOnce(t *testing.T) {
	body := pack(t, libraryFile, "the library")
	var requests atomic.Int32
	s := registry(t, func(w http.ResponseWriter, r *http.Request) {
		requests.Add(1)
		if want := "/@chdb/lib-test/-/lib-test-" + Version + ".tgz"; r.URL.Path != want {
			t.Errorf("path = %s, want %s", r.URL.Path, want)
		}
		serve(body)(w, r)
	})
	s.build = build{Package: "@chdb/lib-test", Integrity: integrity(body)}
	var done, total int64
	s.Progress = func(d, n int64) { done, total = d, n }
	var group sync.WaitGroup
	for range 4 { // several processes would do the same
		group.Go(func() {
			one := s
			one.Progress = nil
			if _, err := one.Library(t.Context()); err != nil {
				t.Error(err)
			}
		})
	}
	group.Wait()
	if n := requests.Load(); n != 1 {
		t.Errorf("%d requests, want 1", n)
	}

	s.CacheDir = t.TempDir()
	path, err := s.Library(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if got, err := os.ReadFile(path); string(got) != "the library" || err != nil {
		t.Errorf("library = %q, %v", got, err)
	}
	if want := int64(len(body)); done != want || total != want {
		t.Errorf("progress = %d of %d, want %d", done, total, want)
	}
	files, err := filepath.Glob(filepath.Dir(path) + "/*")
	if err != nil || len(files) != 2 { // the library and the lock
		t.Errorf("kept %v, %v", files, err)
	}
}

func TestLibraryResumes(t *testing.T) {
	body := pack(t, libraryFile, strings.Repeat("the library ", 10_000))
	var ranges []string
	s := registry(t, func(w http.ResponseWriter, r *http.Request) {
		ranges = append(ranges, r.Header.Get("Range"))
		if len(ranges) == 1 {
			w.Header().Set("Content-Length", fmt.Sprint(len(body)))
			_, _ = w.Write(body[:100]) // and the connection ends
			return
		}
		serve(body)(w, r)
	})
	s.build = build{Package: "@chdb/lib-test", Integrity: integrity(body)}
	if _, err := s.Library(t.Context()); err != nil {
		t.Fatal(err)
	}
	if len(ranges) != 2 || ranges[1] != "bytes=100-" {
		t.Errorf("ranges = %q, want none and bytes=100-", ranges)
	}
}

func TestLibraryBeginsAgainWithoutRanges(t *testing.T) {
	body := pack(t, libraryFile, "the library")
	s := registry(t, func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write(body) })
	s.build = build{Package: "@chdb/lib-test", Integrity: integrity(body)}
	dir := filepath.Join(s.CacheDir, "libchdb-"+Version)
	if err := os.MkdirAll(dir, 0o750); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "package.tgz.part"), []byte("left behind"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Library(t.Context()); err != nil {
		t.Fatal(err)
	}
}

func TestLibraryAsksForWhatIsNotPinned(t *testing.T) {
	body := pack(t, libraryFile, "the library")
	s := registry(t, func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/@chdb/lib-test/"+Version {
			fmt.Fprintf(w, `{"dist": {"integrity": %q}}`, integrity(body))
			return
		}
		serve(body)(w, r)
	})
	s.build = build{Package: "@chdb/lib-test"}
	if _, err := s.Library(t.Context()); err != nil {
		t.Fatal(err)
	}
}

func TestLibraryRefuses(t *testing.T) {
	good := pack(t, libraryFile, "the library")
	other := pack(t, "other.so", "no library")
	tests := []struct {
		name   string
		build  build
		handle http.HandlerFunc
		want   string
	}{
		{"no such package", build{"p", integrity(good)}, http.NotFound, "404"},
		{"no library", build{"p", integrity(other)}, serve(other), "no libchdb.so"},
		{"a package that nobody knows", build{"p", ""}, http.NotFound, "404"},
		{"no published hash", build{"p", ""}, serve([]byte("{}")), "no sha512"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s := registry(t, tt.handle)
			s.build = tt.build
			_, err := s.Library(t.Context())
			if err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("Library = %v, want something about %q", err, tt.want)
			}
			if err != nil && !strings.Contains(err.Error(), PathVariable) {
				t.Errorf("Library = %v, which does not say what else can be done", err)
			}
		})
	}
}

func TestVerify(t *testing.T) {
	path := filepath.Join(t.TempDir(), "package")
	if err := os.WriteFile(path, []byte("other content"), 0o600); err != nil {
		t.Fatal(err)
	}
	sum := sha512.Sum512([]byte("content"))
	if err := verify(path, sum[:]); err == nil {
		t.Error("verify = nil for other content")
	}
	sum = sha512.Sum512([]byte("other content"))
	if err := verify(path, sum[:]); err != nil {
		t.Errorf("verify = %v", err)
	}
}

func TestLibraryByPath(t *testing.T) {
	path := filepath.Join(t.TempDir(), libraryFile)
	t.Setenv(PathVariable, path)
	if _, err := (Source{}).Library(t.Context()); err == nil || !strings.Contains(err.Error(), PathVariable) {
		t.Errorf("Library = %v, want an error that names %s", err, PathVariable)
	}
	if err := os.WriteFile(path, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if got, err := (Source{}).Library(t.Context()); got != path || err != nil {
		t.Errorf("Library = %q, %v, want %q", got, err, path)
	}
}

func TestIsMusl(t *testing.T) {
	tests := []struct {
		name  string
		files []string
		want  bool
	}{
		{"Alpine", []string{"lib/ld-musl-x86_64.so.1"}, true},
		{"Debian", []string{"lib64/ld-linux-x86-64.so.2"}, false},
		{"Debian with musl installed", []string{"lib64/ld-linux-x86-64.so.2", "lib/ld-musl-x86_64.so.1"}, false},
		{"nothing", nil, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			root := t.TempDir()
			for _, f := range tt.files {
				path := filepath.Join(root, f)
				if err := os.MkdirAll(filepath.Dir(path), 0o750); err != nil {
					t.Fatal(err)
				}
				if err := os.WriteFile(path, nil, 0o600); err != nil {
					t.Fatal(err)
				}
			}
			if got := isMusl(root); got != tt.want {
				t.Errorf("isMusl = %t, want %t", got, tt.want)
			}
		})
	}
}

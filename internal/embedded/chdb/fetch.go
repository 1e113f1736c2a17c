package chdb

import (
	"bytes"
	"context"
	"crypto/sha512"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"path"
	"path/filepath"
	"strings"
	"time"
)

const (
	attempts = 4
	// stall is after how long without a byte an attempt is given up.
	stall = 30 * time.Second
	// maxPackage bounds what a registry can make us write.
	maxPackage = 1 << 30
)

// errIntegrity tells that what was fetched is not what was published.
var errIntegrity = errors.New("the package's sha512 is not the published one")

// statusError is an answer other than the package.
type statusError struct {
	url    string
	status string
}

// Error implements error.
func (e *statusError) Error() string { return "getting " + e.url + ": " + e.status }

// fetch puts the library at path. One process at a time does it; the others wait and find it there.
func (s Source) fetch(ctx context.Context, dir, path string) error {
	if err := os.MkdirAll(dir, 0o750); err != nil {
		return fmt.Errorf("making the cache directory: %w", err)
	}
	unlock, err := Lock(ctx, filepath.Join(dir, "lock"))
	if err != nil {
		return err
	}
	defer unlock()
	if _, err := os.Stat(path); err == nil {
		return nil
	}
	part := filepath.Join(dir, "package.tgz.part")
	if err := s.download(ctx, part); err != nil {
		return err
	}
	if err := unpack(ctx, part, path); err != nil {
		return err
	}
	// Only the library is kept. A package left behind costs space and nothing else.
	_ = os.Remove(part)
	return nil
}

// download fetches the package into a file, going on where an earlier attempt stopped, and verifies it.
func (s Source) download(ctx context.Context, part string) error {
	integrity, err := s.integrity(ctx)
	if err != nil {
		return err
	}
	for attempt := 1; ; attempt++ {
		err = s.attempt(ctx, part)
		if err == nil {
			err = verify(part, integrity)
		}
		if err == nil {
			return nil
		}
		if errors.Is(err, errIntegrity) {
			// Going on from a wrong beginning cannot get it right.
			_ = os.Remove(part)
		}
		if attempt == attempts || !temporary(err) {
			return err
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(time.Duration(attempt) * time.Second):
		}
	}
}

// temporary tells an error of the network; trying again helps against no other.
func temporary(err error) bool {
	var status *statusError
	var file *os.PathError
	return !errors.As(err, &status) && !errors.As(err, &file) && !errors.Is(err, context.Canceled)
}

func (s Source) attempt(ctx context.Context, part string) error {
	f, err := os.OpenFile(part, os.O_CREATE|os.O_WRONLY|os.O_APPEND, 0o600) //nolint:gosec // a file of ours
	if err != nil {
		return fmt.Errorf("opening the download: %w", err)
	}
	err = s.append(ctx, f)
	return errors.Join(err, f.Close())
}

// append asks for what is missing of the file.
func (s Source) append(ctx context.Context, f *os.File) error {
	have, err := f.Seek(0, io.SeekEnd)
	if err != nil {
		return fmt.Errorf("reading the download's size: %w", err)
	}
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	idle := time.AfterFunc(stall, func() { cancel(fmt.Errorf("nothing arrived for %s", stall)) })
	defer idle.Stop()

	resp, err := s.get(ctx, s.packageURL(), have)
	if err != nil {
		return errors.Join(context.Cause(ctx), err)
	}
	defer resp.Body.Close() //nolint:errcheck // it is read to its end, or given up
	switch resp.StatusCode {
	case http.StatusPartialContent:
	case http.StatusOK: // the registry does not resume
		if have, err = 0, f.Truncate(0); err != nil {
			return fmt.Errorf("starting the download again: %w", err)
		}
	case http.StatusRequestedRangeNotSatisfiable: // it was complete
		return nil
	default:
		return &statusError{s.packageURL(), resp.Status}
	}
	p := &progress{done: have, total: have + resp.ContentLength, tell: s.Progress, idle: idle}
	if _, err := io.Copy(io.MultiWriter(f, p), io.LimitReader(resp.Body, maxPackage-have)); err != nil {
		return fmt.Errorf("downloading: %w", errors.Join(context.Cause(ctx), err))
	}
	return nil
}

func (s Source) get(ctx context.Context, url string, from int64) (*http.Response, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, url, http.NoBody)
	if err != nil {
		return nil, fmt.Errorf("making the request: %w", err)
	}
	if from > 0 {
		req.Header.Set("Range", fmt.Sprintf("bytes=%d-", from))
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return nil, fmt.Errorf("downloading: %w", err)
	}
	return resp, nil
}

// packageURL is where npm registries keep a version's package.
func (s Source) packageURL() string {
	name := s.build.Package
	return fmt.Sprintf("%s/%s/-/%s-%s.tgz", strings.TrimRight(s.Registry, "/"), name, path.Base(name), Version)
}

// integrity is what the package must hash to. Where it is not pinned, it is what the registry says it published.
func (s Source) integrity(ctx context.Context) ([]byte, error) {
	pinned := s.build.Integrity
	if pinned == "" {
		url := fmt.Sprintf("%s/%s/%s", strings.TrimRight(s.Registry, "/"), s.build.Package, Version)
		resp, err := s.get(ctx, url, 0)
		if err != nil {
			return nil, err
		}
		defer resp.Body.Close() //nolint:errcheck // nothing was written
		if resp.StatusCode != http.StatusOK {
			return nil, &statusError{url, resp.Status}
		}
		var meta struct {
			Dist struct{ Integrity string }
		}
		if err := json.NewDecoder(io.LimitReader(resp.Body, 1<<20)).Decode(&meta); err != nil {
			return nil, fmt.Errorf("reading the package's description: %w", err)
		}
		pinned = meta.Dist.Integrity
	}
	hash, ok := strings.CutPrefix(pinned, "sha512-")
	if !ok {
		return nil, errors.New("the registry published no sha512 for the package")
	}
	sum, err := base64.StdEncoding.DecodeString(hash)
	if err != nil {
		return nil, fmt.Errorf("reading the package's published sha512: %w", err)
	}
	return sum, nil
}

func verify(part string, want []byte) error {
	f, err := os.Open(part) //nolint:gosec // a file of ours
	if err != nil {
		return fmt.Errorf("opening the download: %w", err)
	}
	defer f.Close() //nolint:errcheck // it is only read
	h := sha512.New()
	if _, err := io.Copy(h, f); err != nil {
		return fmt.Errorf("reading the download: %w", err)
	}
	if !bytes.Equal(h.Sum(nil), want) {
		return errIntegrity
	}
	return nil
}

// progress counts what arrives and keeps the attempt alive.
type progress struct {
	done, total int64
	tell        func(done, total int64)
	idle        *time.Timer
}

// Write implements io.Writer.
func (p *progress) Write(b []byte) (int, error) {
	p.idle.Reset(stall)
	p.done += int64(len(b))
	if p.tell != nil {
		p.tell(p.done, p.total)
	}
	return len(b), nil
}

package servers

import (
	"context"
	"crypto/sha256"
	_ "embed"
	"encoding/hex"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"time"

	"golang.org/x/sync/errgroup"
)

const (
	kafkaVersion = "4.4.0"
	// mavenVariable is a mirror of Maven Central, in place of the one itself.
	mavenVariable = "MAVEN_REPOSITORY"
	mavenCentral  = "https://repo1.maven.org/maven2"
)

// kafkaList are the jars that the broker needs, as Maven resolves org.apache.kafka:kafka_2.13, and slf4j-simple, which
// writes its log: sha256 and path in the repository.
//
//go:embed maven/kafka-4.4.0.txt
var kafkaList string

// kafkaJars are the paths of the broker's jars; those that are not there yet are fetched and verified.
func kafkaJars(ctx context.Context) ([]string, error) {
	dir, err := cacheDir()
	if err != nil {
		return nil, err
	}
	dir = filepath.Join(dir, "kafka-"+kafkaVersion)
	if err := os.MkdirAll(dir, 0o750); err != nil {
		return nil, fmt.Errorf("making the cache directory: %w", err)
	}
	ctx, cancel := context.WithTimeout(ctx, 5*time.Minute)
	defer cancel()
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(8)
	var jars []string
	for line := range strings.Lines(kafkaList) {
		sum, path, ok := strings.Cut(strings.TrimSpace(line), "  ")
		if !ok {
			return nil, fmt.Errorf("list of jars: %q", line)
		}
		jar := filepath.Join(dir, filepath.Base(path))
		jars = append(jars, jar)
		if _, err := os.Stat(jar); err != nil {
			group.Go(func() error { return fetchJar(ctx, path, sum, jar) })
		}
	}
	return jars, group.Wait()
}

// fetchJar fetches a jar, verifies it and then gives it its name, so that a jar with its name is whole.
func fetchJar(ctx context.Context, path, sum, jar string) error {
	repository := os.Getenv(mavenVariable)
	if repository == "" {
		repository = mavenCentral
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, repository+"/"+path, http.NoBody)
	if err != nil {
		return err
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return err
	}
	defer resp.Body.Close() //nolint:errcheck // it is only read
	if resp.StatusCode != http.StatusOK {
		return fmt.Errorf("getting %s: %s", path, resp.Status)
	}
	tmp, err := os.CreateTemp(filepath.Dir(jar), "part*")
	if err != nil {
		return err
	}
	defer os.Remove(tmp.Name()) //nolint:errcheck // it has been renamed, unless something went wrong
	hash := sha256.New()
	if _, err := io.Copy(io.MultiWriter(tmp, hash), resp.Body); err != nil {
		return fmt.Errorf("getting %s: %w", path, err)
	}
	if err := tmp.Close(); err != nil {
		return err
	}
	if got := hex.EncodeToString(hash.Sum(nil)); got != sum {
		return fmt.Errorf("getting %s: its sha256 is %s, not %s", path, got, sum)
	}
	return os.Rename(tmp.Name(), jar)
}

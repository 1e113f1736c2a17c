package kafka

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/twmb/franz-go/pkg/kerr"
)

// Topic is a topic that must be there.
type Topic struct {
	Name string
	// Partitions and Replicas are what it is created with; -1 leaves either to the brokers.
	Partitions int32
	Replicas   int16
	// Settings are its topic-level configuration, when it is created.
	Settings map[string]string
}

// EnsureTopics creates the topics that are not there, and leaves those that are as they are.
func EnsureTopics(ctx context.Context, cfg Config, topics ...Topic) error {
	ask, err := newInquiry(cfg)
	if err != nil {
		return err
	}
	defer ask.close()
	for _, t := range topics {
		settings := map[string]*string{}
		for k, v := range t.Settings {
			settings[k] = &v
		}
		resp, err := ask.admin.CreateTopic(ctx, t.Partitions, t.Replicas, settings, t.Name)
		if err = errors.Join(err, resp.Err); err != nil && !errors.Is(err, kerr.TopicAlreadyExists) {
			return fmt.Errorf("creating topic %s: %w", t.Name, ask.cause(err))
		}
	}
	return nil
}

// MissingTopics are those of the names that no topic has.
func MissingTopics(ctx context.Context, cfg Config, names ...string) ([]string, error) {
	ask, err := newInquiry(cfg)
	if err != nil {
		return nil, err
	}
	defer ask.close()
	details, err := ask.admin.ListTopics(ctx, names...)
	if err != nil {
		return nil, fmt.Errorf("listing topics %s: %w", strings.Join(names, ", "), ask.cause(err))
	}
	var missing []string
	for _, name := range names {
		if d, ok := details[name]; !ok || d.Err != nil {
			missing = append(missing, name)
		}
	}
	return missing, nil
}

// Records is how many records a topic holds: the sum over its partitions of end less begin.
func Records(ctx context.Context, cfg Config, topic string) (int64, error) {
	cl, err := cfg.client()
	if err != nil {
		return 0, err
	}
	defer cl.Close()
	all, err := spans(ctx, cl, topic)
	if err != nil {
		return 0, err
	}
	var n int64
	for _, s := range all {
		n += s.Next - s.First
	}
	return n, nil
}

// MaxMessageBytes asks what topics take in one batch, in bytes.
func MaxMessageBytes(ctx context.Context, cfg Config, topics ...string) (map[string]int32, error) {
	ask, err := newInquiry(cfg)
	if err != nil {
		return nil, err
	}
	defer ask.close()
	configs, err := ask.admin.DescribeTopicConfigs(ctx, topics...)
	if err != nil {
		return nil, fmt.Errorf("asking for topics' settings: %w", ask.cause(err))
	}
	all := map[string]int32{}
	for _, c := range configs {
		if c.Err != nil {
			return nil, fmt.Errorf("asking for the settings of topic %s: %w", c.Name, c.Err)
		}
		for _, setting := range c.Configs {
			if setting.Key != "max.message.bytes" || setting.Value == nil {
				continue
			}
			if n, err := strconv.ParseInt(*setting.Value, 10, 32); err == nil {
				all[c.Name] = int32(n)
			}
		}
	}
	return all, nil
}

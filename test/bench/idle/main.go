// Command idle reads a topic with a franz-go client as it comes and does nothing with the records: what any consumer costs
// before it has done anything. It prints the CPU time it took, in seconds.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"strings"
	"syscall"
	"time"

	"github.com/twmb/franz-go/pkg/kgo"
)

func main() {
	brokers := flag.String("brokers", "", "`addresses` of brokers")
	topic := flag.String("topic", "", "`name` of the topic")
	records := flag.Int("records", 0, "`number` of records to read")
	flag.Parse()
	if err := run(strings.Split(*brokers, ","), *topic, *records); err != nil {
		fmt.Fprintln(os.Stderr, "idle:", err)
		os.Exit(1)
	}
}

func run(brokers []string, topic string, records int) error {
	client, err := kgo.NewClient(kgo.SeedBrokers(brokers...), kgo.ConsumeTopics(topic),
		kgo.ConsumeResetOffset(kgo.NewOffset().AtStart()))
	if err != nil {
		return fmt.Errorf("making client: %w", err)
	}
	defer client.Close()
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Minute)
	defer cancel()
	for read := 0; read < records; {
		fetches := client.PollFetches(ctx)
		if err := fetches.Err(); err != nil {
			return fmt.Errorf("reading %s: %w", topic, err)
		}
		read += fetches.NumRecords()
	}
	var usage syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &usage); err != nil {
		return fmt.Errorf("asking for CPU time: %w", err)
	}
	fmt.Fprintf(os.Stdout, "%.6f\n", time.Duration(usage.Utime.Nano()+usage.Stime.Nano()).Seconds())
	return nil
}

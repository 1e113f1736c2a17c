package main

import (
	"context"
	"errors"
	"sync"

	"gatewatch/internal/kafka"
	"gatewatch/test/playback"
)

// play sends the lines as a shipper would: raw, each with its service in a header, as fast as they are taken.
func play(ctx context.Context, brokers kafka.Config, lines []playback.Line) (err error) {
	producer, err := kafka.NewProducer(brokers, 0)
	if err != nil {
		return err
	}
	defer producer.Close()
	var (
		mu     sync.Mutex
		failed []error
	)
	for i := range lines {
		l := &lines[i]
		record := &kafka.Record{
			Topic: topic, Value: l.Text, Headers: []kafka.Header{{Key: "service", Value: []byte(l.Service)}},
		}
		producer.Produce(ctx, record, func(err error) {
			if err != nil {
				mu.Lock()
				defer mu.Unlock()
				failed = append(failed, err)
			}
		})
	}
	if err := producer.Flush(ctx); err != nil {
		return err
	}
	mu.Lock()
	defer mu.Unlock()
	return errors.Join(failed[:min(len(failed), 3)]...)
}

package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"
)

// work measures all worlds, some at once, the largest first, so that none is left alone at the end.
func (c *crew) work(ctx context.Context, worlds []*world, jobs int) error {
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	queue := make(chan int)
	order := make([]int, len(worlds))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(worlds[b].cost(), worlds[a].cost()) })
	errs := make([]error, len(worlds))
	t := &teller{crew: c, began: time.Now(), of: len(worlds)}
	var crew sync.WaitGroup
	for range max(jobs, 1) {
		crew.Go(func() {
			for i := range queue {
				errs[i] = c.measured(ctx, worlds[i], t)
				if errs[i] != nil {
					stop() // the others would be for nothing
				}
			}
		})
	}
	for _, i := range order {
		if ctx.Err() != nil {
			break
		}
		queue <- i
	}
	close(queue)
	crew.Wait()
	return errors.Join(append(errs, context.Cause(ctx))...)
}

func (w *world) cost() int { return w.lines * (2 + 3*len(w.looks)) }

func (c *crew) measured(ctx context.Context, w *world, t *teller) error {
	if err := c.measure(ctx, w, func(what string) { t.tell(w, what) }); err != nil {
		return fmt.Errorf("%s, seed %d: %w", w.name, w.seed, err)
	}
	t.done(w)
	return nil
}

// teller tells how far the work has come.
type teller struct {
	crew  *crew
	began time.Time
	of    int

	mu   sync.Mutex // guards what is below, and the terminal
	over int
}

func (t *teller) tell(w *world, what string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.line(w, what)
}

func (t *teller) done(w *world) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.over++
	t.line(w, "done")
}

func (t *teller) line(w *world, what string) {
	fmt.Fprintf(t.crew.progress, "quality: %5s  %2d of %d worlds  %s, seed %d: %s\n",
		time.Since(t.began).Round(time.Second), t.over, t.of, w.name, w.seed, what)
}

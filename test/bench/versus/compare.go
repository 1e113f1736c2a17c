package main

import (
	"bufio"
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"text/tabwriter"
)

// compare lets the contenders read one log in turn and prints the medians.
func compare(w io.Writer, contenders []contender, log string, runs int) error {
	lines, size, err := measureLog(log)
	if err != nil {
		return err
	}
	fmt.Fprintf(w, "%d lines, %.0f MB, %d alternating runs, medians (lowest to highest)\n\n", lines, mb(size), runs)
	samples := make([][]sample, len(contenders))
	for range runs {
		for i := range contenders {
			s, err := contenders[i].measure(log, lines)
			if err != nil {
				return err
			}
			samples[i] = append(samples[i], s)
		}
	}
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(t, "program\tlines per CPU-second\tCPU s\twall s\tpeak MB\tresult\t")
	rates, peaks := make([]float64, len(contenders)), make([]float64, len(contenders))
	for i, c := range contenders {
		cpu := spread(samples[i], func(s sample) float64 { return s.cpu.Seconds() })
		wall := spread(samples[i], func(s sample) float64 { return s.wall.Seconds() })
		peak := spread(samples[i], func(s sample) float64 { return mb(s.peak) })
		rates[i], peaks[i] = float64(lines)/cpu[1], peak[1]
		fmt.Fprintf(t, "%s\t%.0f\t%.2f (%.2f–%.2f)\t%.2f (%.2f–%.2f)\t%.0f (%.0f–%.0f)\t%s\t\n", c.name, rates[i],
			cpu[1], cpu[0], cpu[2], wall[1], wall[0], wall[2], peak[1], peak[0], peak[2], samples[i][0].result)
	}
	if err := t.Flush(); err != nil {
		return fmt.Errorf("printing: %w", err)
	}
	if len(contenders) == 2 {
		fmt.Fprintf(w, "\nratio: %.1f times the lines per CPU-second, %.2f times the peak memory\n", rates[0]/rates[1], peaks[0]/peaks[1])
	}
	return nil
}

// compareLengths shows each contender's memory for logs of different length.
func compareLengths(w io.Writer, contenders []contender, logs []string, runs int) error {
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(t, "lines\tprogram\tlines per CPU-second\tpeak MB\tresult\t")
	for _, log := range logs {
		lines, _, err := measureLog(log)
		if err != nil {
			return err
		}
		for _, c := range contenders {
			var samples []sample
			for range runs {
				s, err := c.measure(log, lines)
				if err != nil {
					return err
				}
				samples = append(samples, s)
			}
			cpu := spread(samples, func(s sample) float64 { return s.cpu.Seconds() })
			peak := spread(samples, func(s sample) float64 { return mb(s.peak) })
			fmt.Fprintf(t, "%d\t%s\t%.0f\t%.0f\t%s\t\n", lines, c.name, float64(lines)/cpu[1], peak[1], samples[0].result)
		}
	}
	return t.Flush()
}

// spread is the lowest, the median and the highest of one measure of some runs.
func spread(samples []sample, of func(sample) float64) [3]float64 {
	values := make([]float64, len(samples))
	for i, s := range samples {
		values[i] = of(s)
	}
	slices.SortFunc(values, cmp.Compare[float64])
	n := len(values)
	return [3]float64{values[0], (values[(n-1)/2] + values[n/2]) / 2, values[n-1]}
}

// measureLog counts a log's lines and bytes, which also brings it into the page cache for everyone alike.
func measureLog(path string) (lines int, size int64, err error) {
	f, err := os.Open(path)
	if err != nil {
		return 0, 0, fmt.Errorf("opening log: %w", err)
	}
	defer f.Close() //nolint:errcheck // it was only read
	r := bufio.NewReaderSize(f, 1<<16)
	for {
		block, err := r.Peek(max(r.Buffered(), 1))
		lines += bytes.Count(block, []byte("\n"))
		size += int64(len(block))
		if errors.Is(err, io.EOF) {
			return lines, size, nil
		}
		if err != nil {
			return 0, 0, fmt.Errorf("reading log: %w", err)
		}
		if _, err := r.Discard(len(block)); err != nil {
			return 0, 0, fmt.Errorf("reading log: %w", err)
		}
	}
}

func mb(bytes int64) float64 { return float64(bytes) / 1e6 }

package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"regexp"
	"strings"
	"time"
)

// Entry is what the labels need to know of one log line: who and when.
type Entry struct {
	Address string
	Time    time.Time
}

// reader reads one line of a log.
type reader func(line string) (Entry, error)

var (
	errShape        = errors.New("line has another shape")
	combinedPattern = regexp.MustCompile(`^(\S+) \S+ \S+ \[([^\]]+)\]`)
	vhostPattern    = regexp.MustCompile(`^\S+ (\S+) \S+ \S+ \[([^\]]+)\]`)
	behindPattern   = regexp.MustCompile(`^203\.0\.113\.14 \S+ \S+ \[([^\]]+)\].* "([^"]+)"$`)
	haproxyPattern  = regexp.MustCompile(`haproxy\[\d+\]: (\S+):\d+ \[([^\]]+)\]`)
)

const (
	clfTime     = "02/Jan/2006:15:04:05 -0700"
	haproxyTime = "02/Jan/2006:15:04:05.000"
)

// readers returns how to read each log by its name.
func readers() map[string]reader {
	return map[string]reader{
		"nginx-combined.log":               matching(combinedPattern, 1, 2, clfTime),
		"nginx-json.log":                   readNginxJSON,
		"apache-combined.log":              matching(combinedPattern, 1, 2, clfTime),
		"apache-vhost-combined.log":        matching(vhostPattern, 1, 2, clfTime),
		"haproxy.log":                      matching(haproxyPattern, 1, 2, haproxyTime),
		"haproxy-captured.log":             matching(haproxyPattern, 1, 2, haproxyTime),
		"caddy.log":                        readCaddy,
		"proxied/nginx-behind-haproxy.log": readBehind,
	}
}

// matching reads lines with a pattern whose groups hold the address and time.
func matching(pattern *regexp.Regexp, address, when int, layout string) reader {
	return func(line string) (Entry, error) {
		groups := pattern.FindStringSubmatch(line)
		if groups == nil {
			return Entry{}, errShape
		}
		t, err := time.Parse(layout, groups[when])
		if err != nil {
			return Entry{}, fmt.Errorf("reading the time: %w", err)
		}
		return Entry{Address: groups[address], Time: t}, nil
	}
}

// readBehind takes the last address of X-Forwarded-For: it is the one that
// HAProxy added, whatever the client claimed before.
func readBehind(line string) (Entry, error) {
	entry, err := matching(behindPattern, 2, 1, clfTime)(line)
	if err != nil {
		return Entry{}, err
	}
	list := strings.Split(entry.Address, ",")
	entry.Address = strings.TrimSpace(list[len(list)-1])
	return entry, nil
}

func readNginxJSON(line string) (Entry, error) {
	var fields struct {
		Address string    `json:"remote_addr"`
		Time    time.Time `json:"time_iso8601"`
	}
	if err := json.Unmarshal([]byte(line), &fields); err != nil {
		return Entry{}, fmt.Errorf("reading JSON: %w", err)
	}
	return Entry{Address: fields.Address, Time: fields.Time}, nil
}

func readCaddy(line string) (Entry, error) {
	var fields struct {
		Seconds float64 `json:"ts"`
		Request struct {
			Address string `json:"remote_ip"`
		} `json:"request"`
	}
	if err := json.Unmarshal([]byte(line), &fields); err != nil {
		return Entry{}, fmt.Errorf("reading JSON: %w", err)
	}
	return Entry{
		Address: fields.Request.Address,
		Time:    time.UnixMilli(int64(math.Round(fields.Seconds * 1000))),
	}, nil
}

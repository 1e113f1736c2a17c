// Package label says what traffic really was: the truth that findings are held against. Labels travel as JSON Lines, one
// campaign each, beside the traffic that they describe.
package label

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"time"
)

// Label is one campaign: traffic with one author and one purpose.
type Label struct {
	// ID tells labels of one file apart.
	ID string `json:"id"`
	// Attack tells an attack; without it the campaign is traffic that looks like one and is not, such as a deploy that
	// breaks links or a holiday.
	Attack bool `json:"attack"`
	// Family is the attack's family as finding.Family names it: volume, credential_attack, enumeration, …
	Family string `json:"family"`
	// Technique is what was done, lower case with underscores: distributed_stuffing, slow_boil, surge, silence, …
	Technique string `json:"technique"`
	// Entities are those that act, or that are acted upon (an account, an endpoint, a service): a finding about one of them
	// or of their networks in the campaign's time tells of it.
	Entities []Entity `json:"entities"`
	// Begin and End are the times of its first and last request; of a silence, those between which nothing came.
	Begin time.Time `json:"begin"`
	End   time.Time `json:"end"`
	// Requests is how many there were.
	Requests int64 `json:"requests"`
	// Services are those of which it made a noticeable part of the requests while it lasted, besides those that it is about:
	// what is found out about one of them then may well be its doing.
	Services []string `json:"services,omitempty"`
	// Slow tells one that no single hour shows.
	Slow bool `json:"slow,omitempty"`
	// Note says in a sentence what it is.
	Note string `json:"note,omitempty"`
}

// Entity is who or what a label is about, as findings name it: a type (network, principal, endpoint, …) and its value.
type Entity struct {
	Type  string `json:"type"`
	Value string `json:"value"`
}

// Validate returns every fault at once.
func (l *Label) Validate() error {
	var errs []error
	if l.ID == "" {
		errs = append(errs, errors.New("id is missing"))
	}
	if l.Technique == "" {
		errs = append(errs, errors.New("technique is missing"))
	}
	if l.Begin.IsZero() || l.End.Before(l.Begin) {
		errs = append(errs, fmt.Errorf("begin %s, end %s: want both, in this order", l.Begin, l.End))
	}
	return errors.Join(errs...)
}

// Parse reads labels, one to a line; empty lines are passed over. Errors tell the line.
func Parse(b []byte) ([]Label, error) {
	var all []Label
	n := 0
	for line := range bytes.Lines(b) {
		n++
		if len(bytes.TrimSpace(line)) == 0 {
			continue
		}
		var l Label
		d := json.NewDecoder(bytes.NewReader(line))
		d.DisallowUnknownFields()
		err := d.Decode(&l)
		if err == nil {
			err = l.Validate()
		}
		if err != nil {
			return nil, fmt.Errorf("line %d: %w", n, err)
		}
		all = append(all, l)
	}
	return all, nil
}

// AppendTo appends the label as a line.
func (l *Label) AppendTo(b []byte) ([]byte, error) {
	buf := bytes.NewBuffer(b)
	enc := json.NewEncoder(buf)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(l); err != nil {
		return b, fmt.Errorf("writing label %s: %w", l.ID, err)
	}
	return buf.Bytes(), nil
}

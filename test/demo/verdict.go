package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"gatewatch/test/playback"
)

// verdict is what arrived, against the labels.
type verdict struct {
	lines  int // sent
	actors []playback.Actor

	rows, ids int                 // events stored, and how many different ones
	found     map[string][]string // detectors by entity, as stored
	worst     map[string]string   // highest severity by entity, as stored
	alerts    int
	alerted   map[string]string
}

func (v *verdict) look(ctx context.Context, st store, s *sink) error {
	counts, err := st.query(ctx, "SELECT count(), uniqExact(event_id) FROM events")
	if err != nil {
		return err
	}
	if v.rows, err = strconv.Atoi(counts.rows[0][0]); err != nil {
		return err
	}
	if v.ids, err = strconv.Atoi(counts.rows[0][1]); err != nil {
		return err
	}
	found, err := st.query(ctx, `SELECT entity, arrayStringConcat(groupUniqArray(detector), ' '),
		argMax(severity, toInt8(severity)) FROM findings_latest GROUP BY entity`)
	if err != nil {
		return err
	}
	v.found, v.worst = map[string][]string{}, map[string]string{}
	for _, row := range found.rows {
		v.found[row[0]], v.worst[row[0]] = strings.Fields(row[1]), row[2]
	}
	v.alerts, v.alerted = s.told()
	return nil
}

// complete tells whether there is nothing more to wait for.
func (v *verdict) complete() bool { return v.rows == v.lines && v.err() == nil }

// missed are the attackers of whom nothing fitting was stored, and those of whom nobody was told.
func (v *verdict) missed() (found, alerted []string) {
	for i := range v.actors {
		a := &v.actors[i]
		if !a.Attacks() {
			continue
		}
		name := fmt.Sprintf("%s (%s)", a.Address, a.Actor)
		fits := func(d string) bool { return slices.Contains(a.Detectors, d) }
		if !slices.ContainsFunc(v.found[a.Network()], fits) {
			found = append(found, name)
		}
		if _, ok := v.alerted[a.Network()]; !ok {
			alerted = append(alerted, name)
		}
	}
	return found, alerted
}

// accused are the benign actors of whom something of medium severity or above was said.
func (v *verdict) accused() []string {
	var list []string
	for i := range v.actors {
		a := &v.actors[i]
		if w := v.worst[a.Network()]; !a.Attacks() && w != "" && w != "info" && w != "low" {
			list = append(list, fmt.Sprintf("%s (%s): %s by %v", a.Address, a.Actor, w, v.found[a.Network()]))
		}
	}
	return list
}

func (v *verdict) attackers() int {
	n := 0
	for i := range v.actors {
		if v.actors[i].Attacks() {
			n++
		}
	}
	return n
}

// err is what is not as it must be.
func (v *verdict) err() error {
	var errs []error
	if v.rows != v.lines || v.ids != v.lines {
		errs = append(errs, fmt.Errorf("%d lines were sent, %d events stored, %d of them different", v.lines, v.rows, v.ids))
	}
	found, alerted := v.missed()
	if len(found) > 0 {
		errs = append(errs, fmt.Errorf("not found: %s", strings.Join(found, ", ")))
	}
	if len(alerted) > 0 {
		errs = append(errs, fmt.Errorf("not alerted: %s", strings.Join(alerted, ", ")))
	}
	if accused := v.accused(); len(accused) > 0 {
		errs = append(errs, fmt.Errorf("falsely accused: %s", strings.Join(accused, ", ")))
	}
	return errors.Join(errs...)
}

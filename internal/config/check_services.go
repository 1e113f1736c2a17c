package config

import (
	"fmt"
	"maps"
	"path/filepath"
	"slices"
	"strings"
	"time"

	_ "time/tzdata" // days are people's, whether the machine knows of their zone or not

	"gatewatch/internal/accesslog"
	"gatewatch/internal/baseline"

	"gatewatch/internal/config/spell"
)

// minToken is the least length of a token in bytes: who reaches the endpoint may guess as often as they like.
const minToken = 16

// day is the longest that somebody is kept waiting for news.
const day = 24 * time.Hour

func (d *decoder) checkIngest(c *Ingest) {
	d.given("ingest.group", c.Group)
	d.checkAdmin("ingest.admin", c.Admin)
	d.given("ingest.data_dir", c.DataDir)
	for i, pattern := range c.Files {
		if _, err := filepath.Match(pattern, ""); err != nil || pattern == "" {
			d.Fault(fmt.Sprintf("ingest.files[%d]", i), "%q is no file name or pattern", pattern)
		}
	}
	for _, topic := range slices.Sorted(maps.Keys(c.Services)) {
		key := "ingest.services." + topic
		if !legalTopic.MatchString(topic) {
			d.Fault(key, "%q is no name for a topic", topic)
		}
		d.given(key, c.Services[topic])
	}
	d.checkPush(&c.Push)
}

func (d *decoder) checkPush(p *Push) {
	const key = "ingest.push"
	d.between(key+".max_body", p.MaxBody, 1<<10, 1<<30)
	d.between(key+".max_pending", p.MaxPending, 1<<20, 4<<30)
	if p.Token != "" && len(p.Token) < minToken {
		d.Fault(key+".token", "is shorter than %d bytes: make one with `openssl rand -hex 32`", minToken)
	}
	if p.Listen == "" {
		return
	}
	d.listen(key+".listen", p.Listen)
	if !isLoopback(p.Listen) && p.Token == "" && p.TokenFile == "" {
		d.Fault(key+".token", "is missing: %s is reached from other machines, so requests must show a token; "+
			"give it, or token_file, or listen at 127.0.0.1", p.Listen)
	}
}

func (d *decoder) checkAdmin(key string, a Admin) {
	if a.Listen == "none" {
		return
	}
	d.listen(key+".listen", a.Listen)
	if a.Pprof && !isLoopback(a.Listen) {
		d.Warn(key+".pprof", "profiles are served to other machines: they show memory and take processor time")
	}
}

// checkFormat checks the name of a format: a built-in one or one of the user's.
func (d *decoder) checkFormat(key, name string, own map[string]Format) {
	if name == "" {
		return
	}
	known := slices.Sorted(maps.Keys(own))
	for _, f := range accesslog.Formats() {
		known = append(known, f.Name)
	}
	if !slices.Contains(known, name) {
		d.Fault(key, "%s", spell.Unknown("format", name, known))
	}
}

func (d *decoder) checkDetector(c *Detector) {
	d.given("detector.group", c.Group)
	d.checkAdmin("detector.admin", c.Admin)
	d.given("detector.data_dir", c.DataDir)
	if c.Instance != "" && !legalTopic.MatchString(c.Instance) {
		d.Fault("detector.instance", "%q is no name for an instance: want letters, digits, dots, underscores and hyphens", c.Instance)
	}
	d.during("detector.checkpoint_interval", c.CheckpointInterval, 100*time.Millisecond, time.Hour)
	d.between("detector.max_lag", c.MaxLag, 1, 1<<40)
}

// days reads what the days of people are.
func (d *decoder) days(cfg *Config) {
	const zone, holidays = "detector.time_zone", "detector.holidays_file"
	c := &cfg.Detector
	var err error
	switch cfg.zone, err = time.LoadLocation(c.TimeZone); {
	case c.TimeZone == "Local":
		d.Fault(zone, "is the zone of the machine that happens to read the log: name one such as Europe/Berlin")
	case err != nil || c.TimeZone == "":
		d.Fault(zone, "%q is no time zone: want a name such as Europe/Berlin or UTC", c.TimeZone)
	}
	if c.HolidaysFile == "" || !d.concerned(holidays) || d.FaultBelow(holidays) {
		return
	}
	text, _, err := readSmall(c.HolidaysFile)
	if err != nil {
		d.Fault(holidays, "%s", unread(err))
		return
	}
	if cfg.holidays, err = baseline.ParseCalendar([]byte(text)); err != nil {
		d.Fault(holidays, "%s, %s", c.HolidaysFile, strings.ReplaceAll(err.Error(), "\n", "; "))
	}
}

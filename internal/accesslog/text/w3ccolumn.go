package text

import (
	"bytes"
	"strings"

	"gatewatch/internal/accesslog/text/scan"

	"gatewatch/internal/accesslog/format"
)

// dialect is who writes a W3C extended log: they agree on names, not on units.
type dialect uint8

const (
	extended   dialect = iota // time-taken in seconds, as the W3C draft has it
	cloudFront                // time-taken in seconds
	iis                       // time-taken in milliseconds
)

func w3cDefinitions() []format.Definition {
	return []format.Definition{
		{
			Name:  "cloudfront",
			About: "AWS CloudFront standard logs, with the header's fields or, without one, the default ones.",
			New:   func() format.Parser { return &w3c{accepts: cloudFront} },
		},
		{
			Name:  "iis",
			About: "Microsoft IIS, W3C extended, with the header's fields or, without one, the default ones.",
			New:   func() format.Parser { return &w3c{accepts: iis} },
		},
		{
			Name:  "w3c",
			About: "W3C extended log file format of any server, with a #Fields line; time-taken in seconds.",
			New:   func() format.Parser { return &w3c{accepts: extended} },
		},
	}
}

// column is a field of a W3C log and where it goes.
type column struct {
	name   string
	to     scan.Slot
	decode bool // a header, encoded as the dialect does
}

// The halves of a time are places of their own, next to those of the event.
const (
	slotDate scan.Slot = 254 - iota
	slotClock
)

// The fields of CloudFront's standard log, version 1, and of IIS: when nothing is configured, and all there are. A
// collector that starts in the middle of a file never sees the header.
const (
	cloudFrontFields = "date time x-edge-location sc-bytes c-ip cs-method cs(Host) cs-uri-stem sc-status cs(Referer) " +
		"cs(User-Agent) cs-uri-query cs(Cookie) x-edge-result-type x-edge-request-id x-host-header cs-protocol cs-bytes " +
		"time-taken x-forwarded-for ssl-protocol ssl-cipher x-edge-response-result-type cs-protocol-version fle-status " +
		"fle-encrypted-fields c-port time-to-first-byte x-edge-detailed-result-type sc-content-type sc-content-len " +
		"sc-range-start sc-range-end"
	iisFields = "date time s-ip cs-method cs-uri-stem cs-uri-query s-port cs-username c-ip cs(User-Agent) cs(Referer) " +
		"sc-status sc-substatus sc-win32-status time-taken"
	iisAllFields = "date time s-sitename s-computername s-ip cs-method cs-uri-stem cs-uri-query s-port cs-username c-ip " +
		"cs-version cs(User-Agent) cs(Cookie) cs(Referer) cs-host sc-status sc-substatus sc-win32-status sc-bytes cs-bytes " +
		"time-taken"
	iisForwarded  = " X-Forwarded-For" // the usual field to add
	minCloudFront = 19                 // through time-taken, as the first version had them
)

// iisLayouts are the fields of IIS by their number.
var iisLayouts = map[int]string{
	15: iisFields,
	16: iisFields + iisForwarded,
	22: iisAllFields,
	23: iisAllFields + iisForwarded,
}

func dialectOf(names [][]byte) dialect {
	for _, name := range names {
		switch {
		case bytes.HasPrefix(name, []byte("x-edge-")):
			return cloudFront
		case string(name) == "sc-win32-status", string(name) == "sc-substatus", string(name) == "s-computername":
			return iis
		}
	}
	return extended
}

func columnOf(d dialect, name string) column {
	c := column{name: name}
	key := strings.ToLower(name)
	if to, ok := w3cSlots[key]; ok {
		c.to = to
	}
	switch {
	case key == "time-taken" && d == iis:
		c.to = scan.TookMS
	case key == "cs(host)" && d == cloudFront: // the distribution's own name
		c.to = scan.Unmapped
	case key == "cs(cookie)":
		c.name = "cookie"
	case c.to == scan.UserAgent, c.to == scan.Referrer, c.to == scan.XFF:
		c.decode = d != extended
	}
	return c
}

var w3cSlots = map[string]scan.Slot{
	"date":                slotDate,
	"time":                slotClock,
	"timestamp":           scan.EpochS,
	"timestamp(ms)":       scan.EpochMS,
	"c-ip":                scan.Peer,
	"cs-username":         scan.Principal,
	"cs-method":           scan.Method,
	"cs-uri-stem":         scan.Path,
	"cs-uri-query":        scan.Query,
	"cs-uri":              scan.URI,
	"cs-uri-scheme":       scan.Scheme,
	"cs-protocol":         scan.Scheme,
	"cs-host":             scan.Host,
	"cs(host)":            scan.Host,
	"x-host-header":       scan.Host,
	"cs-version":          scan.Protocol,
	"cs-protocol-version": scan.Protocol,
	"cs(user-agent)":      scan.UserAgent,
	"cs(referer)":         scan.Referrer,
	"x-forwarded-for":     scan.XFF,
	"cs(x-forwarded-for)": scan.XFF,
	"x-edge-request-id":   scan.RequestID,
	"ssl-protocol":        scan.TLSVersion,
	"sc-status":           scan.Status,
	"sc-bytes":            scan.BytesOut,
	"cs-bytes":            scan.BytesIn,
	"sc-content-len":      scan.Body,
	"time-taken":          scan.TookS,
	"origin-fbl":          scan.UpstreamS,
	"asn":                 scan.ASN,
	"c-country":           scan.Country,
}

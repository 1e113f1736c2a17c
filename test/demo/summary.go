package main

import (
	"context"
	"time"
)

// question is something that an analyst might ask first, in SQL.
type question struct{ title, sql string }

var questions = []question{
	{"What came in", `SELECT multiIf(service != '', service, host != '', host, '(not said)') AS source,
       count() AS events, uniqExact(network) AS clients, countIf(status >= 400) AS refused,
       formatDateTime(min(timestamp), '%T') AS first,
       formatDateTime(max(timestamp), '%T') AS last
  FROM events GROUP BY source ORDER BY events DESC LIMIT 6`},
	{"What was found", `SELECT detector, count() AS findings, uniqExact(entity) AS clients,
       sum(count) AS requests, max(severity) AS worst
  FROM findings_latest GROUP BY detector ORDER BY findings DESC`},
	{"Who was busiest of those", `SELECT entity AS client, max(severity) AS worst, sum(count) AS requests,
       arrayStringConcat(arraySort(groupUniqArray(detector)), ' ') AS detectors
  FROM findings_latest GROUP BY client
 ORDER BY worst DESC, requests DESC, client LIMIT 8`},
}

// summary shows what ClickHouse says about it all.
func (d *demo) summary(ctx context.Context, v *verdict, began time.Time, sent time.Duration) error {
	for _, q := range questions {
		result, err := d.store.query(ctx, q.sql)
		if err != nil {
			return err
		}
		d.screen.answer(q, result)
	}
	d.screen.verdict(v, sent, d.sink.since(began))
	return nil
}

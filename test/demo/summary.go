package main

import (
	"context"
	"fmt"
	"os"
	"time"

	"github.com/jedib0t/go-pretty/v6/table"
	"golang.org/x/term"
)

// questions are what an analyst might ask first, in SQL.
var questions = []struct{ title, sql string }{
	{"What came in, by service", `SELECT service, count() AS events, uniqExact(network) AS clients,
       countIf(status >= 400) AS refused, formatDateTime(min(timestamp), '%T') AS first, formatDateTime(max(timestamp), '%T') AS last
  FROM events GROUP BY service ORDER BY events DESC`},
	{"What was found", `SELECT detector, count() AS findings, uniqExact(entity) AS clients,
       sum(count) AS requests, max(severity) AS worst
  FROM findings_latest GROUP BY detector ORDER BY findings DESC`},
	{"Who was busiest of those", `SELECT entity AS client, max(severity) AS worst, count() AS findings,
       arrayStringConcat(arraySort(groupUniqArray(detector)), ' ') AS detectors, sum(count) AS requests
  FROM findings_latest GROUP BY client ORDER BY worst DESC, requests DESC, client LIMIT 8`},
}

// summary shows what ClickHouse says about it all.
func (d *demo) summary(ctx context.Context, v *verdict, sent time.Duration) error {
	bold, dim, plain := "", "", ""
	if term.IsTerminal(int(os.Stdout.Fd())) && os.Getenv("NO_COLOR") == "" {
		bold, dim, plain = "\x1b[1m", "\x1b[2m", "\x1b[0m"
	}
	fmt.Println()
	for _, q := range questions {
		result, err := d.store.query(ctx, q.sql)
		if err != nil {
			return err
		}
		fmt.Printf("%s%s%s\n%s%s%s\n", bold, q.title, plain, dim, q.sql, plain)
		show(result)
	}
	found, alerted := v.missed()
	all := v.attackers()
	fmt.Printf("%sVerdict%s\n", bold, plain)
	fmt.Printf("  lines sent to Kafka     %7d   in %s\n", v.lines, sent.Round(time.Millisecond))
	fmt.Printf("  events in ClickHouse    %7d   %d different\n", v.rows, v.ids)
	fmt.Printf("  attackers found         %7d   of %d\n", all-len(found), all)
	fmt.Printf("  attackers alerted       %7d   of %d, in %d alerts\n", all-len(alerted), all, v.alerts)
	fmt.Printf("  falsely accused         %7d   of %d\n", len(v.accused()), len(v.actors)-all)
	return nil
}

func show(t answer) {
	w := table.NewWriter()
	w.SetStyle(table.StyleLight)
	head := make(table.Row, len(t.columns))
	for i, c := range t.columns {
		head[i] = c
	}
	w.AppendHeader(head)
	for _, r := range t.rows {
		row := make(table.Row, len(r))
		for i, c := range r {
			row[i] = c
		}
		w.AppendRow(row)
	}
	fmt.Println(w.Render())
	fmt.Println()
}

package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
)

// store asks ClickHouse over HTTP, as curl would.
type store struct{ url string }

// answer is the answer to a query.
type answer struct {
	columns []string
	rows    [][]string
}

func (s store) query(ctx context.Context, sql string) (answer, error) {
	params := url.Values{"default_format": {"JSONCompactStrings"}, "database": {"gatewatch"}}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, s.url+"?"+params.Encode(), strings.NewReader(sql))
	if err != nil {
		return answer{}, err
	}
	req.Close = true // ClickHouse stops only when its connections have
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return answer{}, fmt.Errorf("asking clickhouse: %w", err)
	}
	defer func() { _ = resp.Body.Close() }() // read to its end or given up
	body, err := io.ReadAll(io.LimitReader(resp.Body, 64<<20))
	if err != nil {
		return answer{}, fmt.Errorf("reading clickhouse's answer: %w", err)
	}
	if resp.StatusCode != http.StatusOK {
		return answer{}, fmt.Errorf("asking clickhouse: %s: %.300s", resp.Status, body)
	}
	var reply struct {
		Meta []struct{ Name string }
		Data [][]string
	}
	if err := json.Unmarshal(body, &reply); err != nil {
		return answer{}, fmt.Errorf("reading clickhouse's answer: %w", err)
	}
	t := answer{rows: reply.Data}
	for _, m := range reply.Meta {
		t.columns = append(t.columns, m.Name)
	}
	return t, nil
}

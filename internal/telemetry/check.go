// Package telemetry is how a service tells about itself: its log, its metrics, its health. It measures nothing by itself.
package telemetry

// Check is the state of one thing that readiness depends on.
type Check struct {
	// Name is what was looked at: "kafka", "clickhouse", "lag", …
	Name string `json:"name"`
	// OK tells whether it is as it should be.
	OK bool `json:"ok"`
	// Detail says what is wrong, or how far something has got. It holds no secret.
	Detail string `json:"detail,omitempty"`
}

// Package stream measures the services: what the detector costs beside a consumer that does nothing, how much everything
// together takes, and how long an alert is on its way. The benchmarks run for minutes and print what they find.
package stream

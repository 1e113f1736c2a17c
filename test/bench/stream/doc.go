// Package stream measures the services: what the detector costs beside a consumer that does nothing, how much everything
// together takes, and how long an alert is on its way. The benchmarks run for minutes and print what they find.
//
// What they read are lines of package sample, JSON of 708 bytes: what users have. With STREAM_LINES=combined it is the
// log that scans are measured with, whose events are half as large. A detector does less for such an event, but a
// consumer that does nothing has less to do as well.
package stream

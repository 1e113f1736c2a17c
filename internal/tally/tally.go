// Package tally adds up what the requests to services and endpoints come to. In the first stage of the detector a Sheet
// counts, and gives tallies for the second when a span of event time is over. In the second, Progress knows up to where
// all partitions have told, and Minutes puts the partitions' tallies together. It decides nothing.
package tally

import (
	"time"

	"gatewatch/internal/facet"
)

const (
	// ServiceSpan is how often a service is told of.
	ServiceSpan = 10 * time.Second
	// EndpointSpan is how often an endpoint is told of: there are many.
	EndpointSpan = time.Minute
	// Unnamed is the service of a log that names neither a service nor a host.
	Unnamed = facet.Unnamed
)

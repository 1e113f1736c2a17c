// Command ingest reads what log shippers write to Kafka, parses it, and produces canonical events for the detector.
package main

import (
	"os"

	"gatewatch/internal/app/ingest"
	"gatewatch/internal/app/service"
)

const long = `ingest reads access logs and produces canonical events.

It reads the topics kafka.topics.raw as log shippers wrote them, files that it follows
(ingest.files), and what is posted to /v1/logs (ingest.push), in any of the known formats,
alone or in a shipper's envelope, finds the client behind trusted proxies, replaces secrets by
hashes, and writes an event for each line to kafka.topics.events, keyed by the client's
network. Lines that it cannot read go to kafka.topics.rejected with the reason.

Instances of one group (ingest.group) share the partitions. Positions are committed when
everything that came of the lines before them has been acknowledged.`

func main() { os.Exit(service.Main("ingest", long, ingest.Build)) }

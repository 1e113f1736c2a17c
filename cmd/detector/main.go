// Command detector folds events into findings, stores both, and publishes findings the moment they are made.
package main

import (
	"os"

	"gatewatch/internal/app/detector/connect"
	"gatewatch/internal/app/service"
)

const long = `detector reads the canonical events of kafka.topics.events, learns what is normal for every
client, and finds attacks.

Events and findings are stored in ClickHouse; findings are published to NATS JetStream the
moment they are made, and to kafka.topics.findings. A second stage looks at logins from the
side of the account and of the endpoint, over kafka.topics.facets. The state of every
partition is saved in detector.data_dir once everything before it has arrived everywhere, so
that after a crash the detector goes on as if there had been none.

More instances in the same consumer group share the partitions; each needs a data directory of
its own.`

func main() { os.Exit(service.Main("detector", long, connect.Build)) }

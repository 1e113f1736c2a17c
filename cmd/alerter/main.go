// Command alerter tells people of attacks: it folds findings into incidents and delivers notifications of them.
package main

import (
	"os"

	"gatewatch/internal/app/alerter"
	"gatewatch/internal/app/service"
)

const long = `alerter reads findings from NATS JetStream, groups them into incidents, and tells people when
one begins, gets worse and is over: by Slack, PagerDuty or a webhook. What is to be told is
kept in JetStream until the receiver has it.`

func main() { os.Exit(service.Main("alerter", long, alerter.Build)) }

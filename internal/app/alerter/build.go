// Package alerter is the service that tells people: it folds findings into incidents and delivers notifications of them
// through a durable outbox.
package alerter

import (
	"errors"

	"gatewatch/internal/app/service"
	"gatewatch/internal/config"
)

// Build makes the service of its configuration.
func Build(config.Config, service.Env) (service.Service, error) {
	return nil, errors.New("the alerter is not built yet")
}

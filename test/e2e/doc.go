// Package e2e tests the services as their users run them: each its own process, against Apache Kafka, NATS and ClickHouse
// as processes of their own.
package e2e

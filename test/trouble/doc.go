// Package trouble puts the services, each its own process, between Apache Kafka, NATS and ClickHouse, and then hurts them:
// receivers that hang, a store with another schema, a full disk, a neighbour that goes away. Each test says what the user is
// told, in the log and at /readyz, that the service stays, and that nothing is lost. Wrong addresses and credentials,
// poison and clocks are in package e2e.
package trouble

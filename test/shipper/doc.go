// Package shipper holds tests that send logs to `gatewatch up` with shippers as Debian has them.
package shipper

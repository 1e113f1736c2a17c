// Package jsonlog knows the access logs that gateways and services write as JSON objects: each is a table of package
// record, one file each, that says which flattened key goes to which field of the event and in what unit. Recognise
// tells the format from a record's keys alone; CompileMap makes a format of a field map in the configuration.
//
// How a table is applied is in package record. The JSON itself, also for those who unwrap what shippers put around a
// line, is read by package jsonwalk.
package jsonlog

// Package jsonlog reads the access logs that gateways and services write as JSON objects. A format is a table: which
// flattened key goes to which field of the event, and in what unit. One hand-written walk serves all of them, and a
// parser remembers the shapes of the records it has read, so that the next record of the same shape is read without
// looking up a key. Recognise tells the format from the record's keys alone.
//
// The JSON itself, also for those who unwrap what shippers put around a line, is read by package jsonwalk.
package jsonlog

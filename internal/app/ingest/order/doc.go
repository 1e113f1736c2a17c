// Package order puts what comes of several sources, each in about the order of its time, into one order: what waits of each
// source, whose turn it is, and whether what comes is of now or of a past that is played back. It knows nothing of what is
// ordered, and of no clock.
package order

// Package heavy finds what occurs most often among any number of values, in memory that nobody can make grow: which client
// makes up a surge, which address most of the bytes go to. Weights halve with event time.
//
//	Hitters     a fixed-size value without pointers    784 B, a 32nd of all weight
//	Ranking     with names, kept by pointer            about 112 B an entry of k, a k-th of all weight
//
// It does not tell how many values there are: that is package sketch, whose secret Key hashes them here too.
package heavy

// Package sketch holds small summaries of streams: how many lately, how many different ones, how many new ones, how large.
// Each has a bound on its memory that no input moves, and depends on its arguments only. Time is the event's.
//
// Most are fixed-size values without pointers, so that a million of them cost the garbage collector nothing and a snapshot
// is a copy of their memory:
//
//	Window, Ring     counts over event time                   40 B; 8 B and 4 B a slot
//	Few              different values                         36 B; exact to 8, then 13 %
//	Distinct         different values                         132 B; exact to 32, then 9.2 %
//	Recent           different values lately                  272 B; two generations of Distinct
//	Bitmap           different values, which can be removed   2 KiB; 1 % from a thousand to twenty thousand
//	Novelty          values that were not seen before         0.3 KiB or 4 KiB; see there
//	Quantiles        sizes and durations                      1 KiB: 0.4 to 11.1 %; 16 KiB: 0.02 to 0.8 %
//
// One is for the few entities that are large, services and endpoints, and is kept by pointer:
//
//	Cardinality      different values                         exact to a bound, then 1.04/√m of m bytes
//
// Which values occur most often is asked of package heavy.
//
// Values come as 64-bit hashes under a secret Key. Whoever could choose hashes could choose values that share a cell, and
// hide how many they are (Paterson and Raynal, "HyperLogLog: exponentially bad in adversarial settings", EuroS&P 2022);
// without the key, chosen values are as good as random ones.
package sketch

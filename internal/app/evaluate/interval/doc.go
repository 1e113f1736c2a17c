// Package interval says how far a measured number may be from the true one, given how little was measured: shares, rates
// and quantiles with their 95 % intervals. Every formula names its source.
package interval

// Z is the quantile of the standard normal distribution that leaves 2.5 % above it.
const Z = 1.959963984540054

// tail is the probability that is left out at either end.
const tail = 0.025

// Package fold measures what one event costs the detector between the fetched record and the findings.
package fold

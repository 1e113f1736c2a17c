// Package fold measures what one event costs the detector between the fetched record and the findings, and what memory
// clients take. Decoding the event is the limit that costs are printed beside: nobody looks at less.
package fold

package finding

import "cmp"

// Worse orders findings for people, the worst first: by severity, score, confidence and number of events, and then by
// age and id, so that equal sets have one order.
func Worse(a, b *Finding) int {
	return cmp.Or(
		cmp.Compare(b.Severity, a.Severity),
		cmp.Compare(b.Score, a.Score),
		cmp.Compare(b.Confidence, a.Confidence),
		cmp.Compare(b.Count, a.Count),
		cmp.Compare(a.FirstSeen, b.FirstSeen),
		cmp.Compare(a.Detector, b.Detector),
		cmp.Compare(a.Entity.Value, b.Entity.Value),
		cmp.Compare(a.ID, b.ID),
	)
}

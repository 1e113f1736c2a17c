package format

// Reason says why a line gave no event. It is a closed set: it labels metrics and the rejected lines.
type Reason uint8

// The reasons. SkipLine is no fault: the line is a header or comment and counts as skipped.
const (
	ReasonNone Reason = iota
	SkipLine
	UnknownFormat // no format recognises the line
	TooLong       // longer than the limit
	TooDeep       // nested deeper than the limit
	Truncated     // ends before its format does
	BadSyntax     // a delimiter or quote is missing or out of place, or the JSON is malformed
	BadTime       // no time, or one that does not parse
	BadStatus     // a status that is no number in 0, 100–999
	BadAddress    // no client, or one that is neither an address nor a name
	BadNumber     // a size or duration that is no number, is negative or out of range
	MissingField  // a field without which the event says nothing (time, client, request) is absent
	TimePast      // before the earliest time trusted
	TimeFuture    // after the latest time trusted
	BadEncoding   // compressed or binary content that does not decode
	Empty         // blank
	reasons
)

// Reasons is the number of reasons, ReasonNone included.
const Reasons = int(reasons)

var reasonNames = [reasons]string{
	"none", "skipped", "unknown_format", "too_long", "too_deep", "truncated", "bad_syntax", "bad_time", "bad_status",
	"bad_address", "bad_number", "missing_field", "time_past", "time_future", "bad_encoding", "empty",
}

// String is the reason's name in metrics, reports and rejected records.
func (r Reason) String() string {
	if r >= reasons {
		return reasonNames[UnknownFormat]
	}
	return reasonNames[r]
}

// Error makes a Reason an error; it does not allocate.
func (r Reason) Error() string { return r.String() }

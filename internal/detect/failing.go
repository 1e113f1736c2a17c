package detect

const (
	// failingClients is how many other clients in a row must fail before nobody gets in: as many as vouch for a broken link.
	failingClients = 3
	// failingSeconds is how long a client's failure says so.
	failingSeconds = 600
	// failingBefore is how many log-ins must have succeeded before: where nobody ever got in, all may be guessing.
	failingBefore = 5
)

// failing remembers who failed at one login since somebody got in. When the accounts' database is down, everybody's
// programs and everybody's staff fail alike.
type failing struct {
	Seconds   [failingClients + 1]int64  // event time of each failure
	Clients   [failingClients + 1]uint32 // hashes, 0 when free
	Successes uint32                     // saturating
	_         [4]byte
}

// note takes the end of one attempt, and tells whether others fail as well and none gets in.
func (f *failing) note(client uint32, second int64, success bool) bool {
	if success {
		*f = failing{Successes: min(f.Successes+1, failingBefore)}
		return false
	}
	at, others := 0, 0
	for i, c := range f.Clients {
		if c == client {
			at = i
		} else if f.Clients[at] != client && f.Seconds[i] < f.Seconds[at] {
			at = i
		}
		if c != 0 && c != client && second-f.Seconds[i] <= failingSeconds {
			others++
		}
	}
	f.Clients[at], f.Seconds[at] = client, second
	return others >= failingClients && f.Successes >= failingBefore
}

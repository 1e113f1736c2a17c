package detect

import "gatewatch/internal/event"

// Ahead tells the engine which event comes after the next one that it steps, so that what it remembers of that client
// comes nearer to the processor meanwhile. It changes nothing, whatever comes then, and may be left out.
func (e *Engine) Ahead(ev *event.Event) {
	if key, ok := ev.Key(event.KindNetwork, e.cfg.Seed); ok && !e.second {
		clients := e.tables[event.KindNetwork]
		e.ahead = clients.hash(key)
		clients.fetchIndex(e.ahead)
	}
}

// fetchStates asks for the memory of the states that the running event's client has, whose record has come already.
func (e *Engine) fetchStates(h uint64) {
	r := e.tables[event.KindNetwork].guess(h)
	if r == nil {
		return
	}
	for following := e.asking.following(r); following != 0; {
		col := following.next()
		e.runners[col].fetch(r.States[col%maxColumns] - 1)
	}
}

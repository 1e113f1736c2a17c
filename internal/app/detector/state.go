package detector

// state is where a partition stands.
type state uint8

const (
	statePending   state = iota // assigned, nothing done yet
	stateRestoring              // its checkpoint is being read
	stateReplaying              // it folds again what it had folded, or has much to catch up with
	stateLive
	stateDraining
	stateGone
)

var stateNames = [...]string{"pending", "restoring", "replaying", "live", "draining", "gone"}

// String is the state's name in metrics.
func (s state) String() string { return stateNames[s] }

// enter changes the state. The worker's goroutine calls it.
func (w *worker) enter(s state) {
	w.detector.metrics.moved(w.stage.name, w.state, s)
	w.state = s
	w.gauges.state.Store(uint32(s))
}

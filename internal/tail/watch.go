package tail

import (
	"log/slog"

	"github.com/fsnotify/fsnotify"
)

// maxWatched is how many directories are watched; files in others are looked at once an interval.
const maxWatched = 1024

// watch hears of changes in directories. What it says is only a hint to look at once: a system that cannot tell, a
// network's file system that does not, or too many changes at a time cost latency and nothing else.
type watch struct {
	watcher *fsnotify.Watcher // nil when the system cannot tell
	dirs    map[string]bool
	log     *slog.Logger
}

func newWatch(log *slog.Logger) *watch {
	w := &watch{dirs: map[string]bool{}, log: log}
	var err error
	if w.watcher, err = fsnotify.NewWatcher(); err != nil {
		w.watcher = nil
		log.Warn("changes of files are not told, looking once an interval", "err", err)
	}
	return w
}

// add watches a directory. One that is not there yet is tried again at the next look.
func (w *watch) add(dir string) {
	if w.watcher == nil || w.dirs[dir] || len(w.dirs) >= maxWatched {
		return
	}
	if w.watcher.Add(dir) == nil {
		w.dirs[dir] = true
	}
}

// events are the changes; nil, which never gives any, when the system cannot tell.
func (w *watch) events() <-chan fsnotify.Event {
	if w.watcher == nil {
		return nil
	}
	return w.watcher.Events
}

// heard takes a change and those behind it, and tells whether files have come or gone.
func (w *watch) heard(e fsnotify.Event) (moved bool) {
	for {
		moved = moved || e.Has(fsnotify.Create) || e.Has(fsnotify.Rename) || e.Has(fsnotify.Remove)
		if e.Has(fsnotify.Remove) || e.Has(fsnotify.Rename) {
			delete(w.dirs, e.Name) // if it was a directory, it may come again
		}
		select {
		case e = <-w.watcher.Events:
		case err := <-w.watcher.Errors:
			w.trouble(err)
			return true
		default:
			return moved
		}
	}
}

// errors tell that changes were missed; nil, which never gives any, when the system cannot tell of changes at all.
func (w *watch) errors() <-chan error {
	if w.watcher == nil {
		return nil
	}
	return w.watcher.Errors
}

// trouble takes notice that changes were missed, most likely because there were too many at a time.
func (w *watch) trouble(err error) { w.log.Debug("changes of files were missed", "err", err) }

func (w *watch) close() {
	if w.watcher != nil {
		_ = w.watcher.Close() // nothing is written
	}
}

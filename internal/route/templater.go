package route

import (
	"strings"

	"gatewatch/internal/event"
)

// Templater makes route templates of paths, and learns which literal segments are parameters. One goroutine owns a
// Templater. Its answers depend on the events it was given, in their order, and on nothing else.
//
// Only answers that say "this exists" (2xx, 3xx, 401, 403) teach it a name; any other request has a template of what is
// known and one placeholder for the first thing that is not. So a path scan makes no template, unless the site says yes
// to everything: then the names collapse to {slug} at MaxChildren, and at MaxNodes nothing new is learned until the
// names that came only once are forgotten.
type Templater struct {
	tree    tree
	scratch [maxDecoded]byte
	cfg     Config
	since   int // events since the last prune
}

// New makes a Templater that knows no route yet.
func New(cfg Config) (*Templater, error) {
	if err := cfg.Validate(); err != nil {
		return nil, err
	}
	return &Templater{cfg: cfg, tree: newTree(cfg.Seed, cfg.MaxNodes)}, nil
}

// Template sets e.Route where the log had none and returns the object that the request names. A Route made here stays
// valid for good; it does not alias the line.
func (t *Templater) Template(e *event.Event) Object {
	var segs [maxSegments]segment
	t.tidy()
	path := originForm(e.Path)
	n, more := t.split(path, &segs)
	var obj Object
	if e.Route != "" {
		obj = t.routed(e.Route, segs[:n])
	} else {
		e.Route = t.walk(e, segs[:n], more)
		obj = t.object(segs[:n])
	}
	if (obj.Kind == ObjectNone || obj.Kind == ObjectSlug) && e.Query != "" {
		// A name says less than an id: "/view.php" may have become a slug, and the id is in its query.
		if id := t.queryObject(e.Query); id.Found() {
			obj = id
		}
	}
	return obj
}

// originForm is the path of a request target in absolute form ("http://host/path"), which proxies get and scanners send.
func originForm(path string) string {
	if strings.HasPrefix(path, "/") {
		return path
	}
	_, rest, ok := strings.Cut(path, "://")
	if !ok {
		return path
	}
	if i := strings.IndexByte(rest, '/'); i >= 0 {
		return rest[i:]
	}
	return "/"
}

// walk goes down the tree along segs, learning if the answer says so, and returns the template. It sets the kind of the
// segments that turn out to be a slug.
func (t *Templater) walk(e *event.Event, segs []segment, more bool) string {
	if len(segs) == 0 {
		if e.Path == "" {
			return ""
		}
		return "/"
	}
	learn := exists(e)
	at := int32(0)
	for i := range segs {
		next := t.step(at, &segs[i], learn)
		if next == none {
			return t.tree.below(at, segs[i].kind, more || i+1 < len(segs))
		}
		at = next
	}
	if more {
		return t.tree.deeper(at)
	}
	return t.tree.nodes[at].template
}

// exists tells whether the answer says that the path is one of the site's. Without a status, it is taken for one.
func exists(e *event.Event) bool {
	s := e.Status
	return s >= 200 && s < 400 || s == 401 || s == 403 || !e.Has(event.FieldStatus)
}

// step is the child of node at for a segment; none when it is not known and not to be learned.
func (t *Templater) step(at int32, s *segment, learn bool) int32 {
	if s.kind != ObjectNone {
		return t.typed(at, s, learn)
	}
	name := t.tree.name(s.text)
	c := t.tree.find(at, name)
	switch {
	case c != none:
	case t.tree.nodes[at].collapsed:
		s.kind = ObjectSlug
		s.text = strings.TrimSuffix(s.text, s.ext)
		return t.typed(at, s, learn)
	case !learn || t.tree.full():
		return none
	default:
		c = t.tree.add(at, name, s.text, ObjectNone)
		if int(t.tree.nodes[at].literals) > t.cfg.MaxChildren {
			t.tree.collapse(at)
			return t.step(at, s, learn) // once: the node is collapsed now
		}
	}
	if learn {
		t.tree.hit(c)
	}
	return c
}

func (t *Templater) typed(at int32, s *segment, learn bool) int32 {
	name := t.tree.typed(s.kind, s.ext)
	c := t.tree.find(at, name)
	if c == none && s.ext != "" && t.tree.nodes[at].exts >= maxExts {
		s.ext = ""
		return t.typed(at, s, learn)
	}
	if c == none {
		if !learn || t.tree.full() {
			return none
		}
		c = t.tree.add(at, name, "{"+s.kind.String()+"}"+s.ext, s.kind)
		if s.ext != "" {
			t.tree.nodes[at].exts++
		}
	}
	if learn {
		t.tree.hit(c)
	}
	return c
}

// tidy makes room in a full tree. A pass over the tree is paid for by as many events as it has nodes.
func (t *Templater) tidy() {
	if t.since++; t.since >= t.cfg.MaxNodes && t.tree.full() {
		t.since = 0
		t.tree.prune()
	}
}

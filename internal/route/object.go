package route

// ObjectKind says what an object id looks like.
type ObjectKind uint8

// The kinds of object id; ObjectNone means that the request names no object.
const (
	ObjectNone ObjectKind = iota
	ObjectInt
	ObjectUUID
	ObjectHex
	ObjectDate
	ObjectEmail
	ObjectBase64
	ObjectOpaque
	ObjectSlug
	objectKinds
)

var objectNames = [objectKinds]string{"none", "int", "uuid", "hex", "date", "email", "base64url", "opaque", "slug"}

// String is the kind's name, which is also its placeholder's in a template.
func (k ObjectKind) String() string {
	if k >= objectKinds {
		return objectNames[ObjectNone]
	}
	return objectNames[k]
}

// Object is the object a request is about: the last variable segment of its path, else an id-like query parameter. It
// has no pointers and may be kept.
type Object struct {
	// Hash identifies the id, under the Config's seed; 0 only with ObjectNone.
	Hash uint64
	// Number is the id itself with ObjectInt, so that adjacency can be judged; else 0.
	Number int64
	Kind   ObjectKind
	// Query tells that the id came from the query and not from the path.
	Query bool
}

// Found tells whether the request names an object.
func (o Object) Found() bool { return o.Kind != ObjectNone }

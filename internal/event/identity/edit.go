package identity

import "strings"

// edit is a text being rewritten in the scratch; the original's bytes from kept on are still to be copied.
type edit struct {
	r            *Redactor
	s            string
	start, kept  int
	replacements int
}

func (r *Redactor) edit(s string) edit { return edit{r: r, s: s, start: len(r.scratch)} }

// replace puts a hash in the place of s[from:to]. After too many, the rest of the text goes with the last, and replace
// is false.
func (d *edit) replace(from, to int) bool {
	d.replacements++
	if d.replacements == maxReplacements {
		to = len(d.s)
	}
	d.r.scratch = append(d.r.scratch, d.s[d.kept:from]...)
	d.r.appendReplacement(d.s[from:to])
	d.kept = to
	return d.replacements < maxReplacements
}

// text is the result, the original itself when nothing was replaced.
func (d *edit) text() string {
	if d.replacements == 0 {
		return d.s
	}
	d.r.scratch = append(d.r.scratch, d.s[d.kept:]...)
	return d.r.from(d.start)
}

// params redacts a query, a URL or any text that holds parameters: the user information of a URL, the values of
// parameters with secret names, and values that look like secrets. With entropy, long random values count as such.
func (r *Redactor) params(s string, entropy bool) string {
	if s == "" || s == "-" {
		return s
	}
	if strings.IndexByte(s, '=') < 0 && strings.IndexByte(s, '@') < 0 && strings.IndexByte(s, '%') < 0 {
		if isKnownSecret(s) {
			return r.replacement(s)
		}
		return s
	}
	d := r.edit(s)
	i := 0
	if from, to, ok := userinfo(s); ok {
		d.replace(from, to)
		i = to
	}
	for i < len(s) {
		p := nextParam(s, i)
		i = p.next
		kind := plain
		if p.assigned {
			kind = r.names.kind(s[p.name:p.nameEnd])
		}
		if kind != plain {
			p.extend(s)
			i = p.next
		}
		value := s[p.value:p.end]
		secret := kind != plain || isKnownSecret(value) || entropy && isRandom(value)
		if value == "" || !secret {
			continue
		}
		if r.found[kind] == "" {
			r.found[kind] = value
		}
		if !d.replace(p.value, p.end) {
			break
		}
	}
	return d.text()
}

// path redacts a path: user information of an absolute URL, path parameters (";jsessionid=") and segments that are
// secrets by their look. A path is made of identifiers, so randomness alone makes no secret here.
func (r *Redactor) path(s string) string {
	if len(s) < minSecret && strings.IndexByte(s, ';') < 0 && strings.IndexByte(s, '@') < 0 {
		return s
	}
	d := r.edit(s)
	i := 0
	if from, to, ok := userinfo(s); ok {
		d.replace(from, to)
		i = to
	}
	for i < len(s) {
		end := i
		if n := strings.IndexByte(s[i:], '/'); n >= 0 {
			end += n
		} else {
			end = len(s)
		}
		if !r.segment(&d, i, end) {
			break
		}
		i = end + 1
	}
	return d.text()
}

func (r *Redactor) segment(d *edit, from, to int) bool {
	name := strings.IndexByte(d.s[from:to], ';')
	head := to
	if name >= 0 {
		head = from + name
	}
	if isKnownSecret(d.s[from:head]) && !d.replace(from, head) {
		return false
	}
	for i := head + 1; i < to; {
		end := i
		for end < to && d.s[end] != ';' {
			end++
		}
		if eq := strings.IndexByte(d.s[i:end], '='); eq >= 0 && i+eq+1 < end {
			value := i + eq + 1
			secret := r.names.kind(d.s[i:i+eq]) != plain || isKnownSecret(d.s[value:end])
			if secret && !d.replace(value, end) {
				return false
			}
		}
		i = end + 1
	}
	return true
}

// userinfo finds "user:password" before the '@' of a URL's authority; a host without a scheme counts from its start.
func userinfo(s string) (from, to int, ok bool) {
	head, _, ok := strings.Cut(s, "@")
	if !ok {
		return 0, 0, false
	}
	if i := strings.Index(s, "://"); i >= 0 {
		from = i + 3
	} else if strings.ContainsAny(head, "/?=& ") {
		return 0, 0, false
	}
	end := len(s)
	if i := strings.IndexAny(s[from:], "/?# "); i >= 0 {
		end = from + i
	}
	to = from + strings.LastIndexByte(s[from:end], '@')
	return from, to, to > from
}

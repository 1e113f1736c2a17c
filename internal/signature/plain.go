package signature

// PlainPath tells that a Probe would not look at such a path any closer. Of a request whose path, query, user agent and
// referrer are plain, and that has no RequestLine, Inspect says nothing; who remembers that of a path or a user agent
// need not ask.
func PlainPath(path string) bool { return traitsOf(clip(path))&pathTraits == 0 }

// PlainQuery is PlainPath for the query.
func PlainQuery(query string) bool { return traitsOf(clip(query))&queryTraits == 0 }

// PlainHeader is PlainPath for a user agent or a referrer.
func PlainHeader(header string) bool { return charTraits(clip(header))&headerTraits == 0 }

package config

import (
	"fmt"
	"net"
	"net/netip"
	"net/url"
	"slices"
	"strconv"
	"strings"
)

// address says what is wrong with a host:port to connect to, "" for nothing.
func address(s string) string {
	host, port, err := net.SplitHostPort(s)
	switch {
	case err != nil && !strings.Contains(s, ":"):
		return fmt.Sprintf("%q has no port: want host:port", s)
	case err != nil:
		return fmt.Sprintf("%q is not host:port; an IPv6 address stands in brackets, as in [::1]:9092", s)
	case host == "" || strings.ContainsAny(host, " \t\n/@"):
		return fmt.Sprintf("%q names no host: want host:port, without a scheme or a path", s)
	}
	if n, err := strconv.ParseUint(port, 10, 16); err != nil || n == 0 {
		return fmt.Sprintf("%q has port %q: want 1 to 65535", s, port)
	}
	return ""
}

// addresses checks a list of host:port to connect to.
func (d *decoder) addresses(key string, list []string) {
	if len(list) == 0 {
		d.Fault(key, "is empty: name at least one host:port")
	}
	for i, a := range list {
		if what := address(a); what != "" {
			d.Fault(fmt.Sprintf("%s[%d]", key, i), "%s", what)
		}
	}
}

// listen checks a host:port to listen at; no host is every address of the machine, and port 0 is any that is free.
func (d *decoder) listen(key, value string) {
	host, port, err := net.SplitHostPort(value)
	if err != nil {
		d.Fault(key, "%q is not host:port, such as 127.0.0.1:9471", value)
		return
	}
	if _, err := strconv.ParseUint(port, 10, 16); err != nil {
		d.Fault(key, "%q has port %q: want 0 to 65535", value, port)
	}
	if strings.ContainsAny(host, " /@") {
		d.Fault(key, "%q names no host: want host:port", value)
	}
}

// isLoopback tells an address to listen at that only this machine reaches.
func isLoopback(listen string) bool {
	host, _, err := net.SplitHostPort(listen)
	if err != nil {
		return false
	}
	if host == "localhost" {
		return true
	}
	ip, err := netip.ParseAddr(host)
	return err == nil && ip.Unmap().IsLoopback()
}

// link says what is wrong with a URL, "" for nothing. A URL may be a secret, so that nothing of it is said.
func link(s string, schemes ...string) string {
	u, err := url.Parse(s)
	switch {
	case err != nil:
		return "is no URL"
	case !slices.Contains(schemes, u.Scheme):
		return "want a URL that begins with " + strings.Join(schemes, ":// or ") + "://"
	case u.Hostname() == "":
		return "names no host"
	}
	if port := u.Port(); port != "" {
		if n, err := strconv.ParseUint(port, 10, 16); err != nil || n == 0 {
			return "has a port that is not 1 to 65535"
		}
	}
	return ""
}

package finding

import (
	"net/netip"
	"strings"

	"gatewatch/internal/event"
)

// sampleEvidence maps one event to OCSF's evidence artifacts.
func sampleEvidence(e *event.Event) ocsfEvidence {
	ev := ocsfEvidence{Name: "request", Request: sampleRequest(e)}
	if e.Client.IsValid() || e.ClientHost != "" {
		ev.SrcEndpoint = &ocsfEndpoint{Hostname: e.ClientHost}
		if e.Client.IsValid() {
			ev.SrcEndpoint.IP = e.Client.String()
		}
	}
	if e.Host != "" || e.Service != "" {
		ev.DstEndpoint = &ocsfEndpoint{Hostname: hostname(e.Host), SvcName: e.Service}
	}
	if e.Principal != "" || e.Credential != "" {
		ev.Actor = &ocsfActor{ocsfUser{UID: e.Principal, CredentialUID: e.Credential}}
	}
	if e.Has(event.FieldStatus) {
		ev.Response = &ocsfResponse{Code: e.Status, BodyLength: e.BodyBytesOut, Latency: e.UpstreamUS / 1000}
	}
	return ev
}

func sampleRequest(e *event.Event) *ocsfRequest {
	r := &ocsfRequest{
		UID: e.RequestID, Method: e.Method, UserAgent: e.UserAgent, Referrer: e.Referrer, Version: e.HTTPVersion,
	}
	for hop := range strings.SplitSeq(e.XFF, ",") {
		if hop = strings.TrimSpace(hop); hop != "" {
			r.Forwarded = append(r.Forwarded, hop)
		}
	}
	switch {
	case e.Path != "":
		r.URL = &ocsfURL{Scheme: e.Scheme, Hostname: hostname(e.Host), Path: e.Path, Query: e.Query}
	case e.RequestLine != "":
		// The schema wants a path or a URL; what was sent in place of a request is the nearest thing to one.
		r.URL = &ocsfURL{URL: e.RequestLine}
	}
	return r
}

// hostname is a host without its port.
func hostname(host string) string {
	if strings.HasPrefix(host, "[") {
		inside, _, _ := strings.Cut(host[1:], "]")
		return inside
	}
	if name, _, ok := strings.Cut(host, ":"); ok && strings.Count(host, ":") == 1 {
		return name
	}
	return host
}

// observableType is OCSF's type of an entity as an observable.
func observableType(e event.Entity) (id int, name string) {
	switch e.Kind {
	case event.KindNetwork:
		if _, err := netip.ParseAddr(e.Value); err == nil {
			return 2, "IP Address"
		}
		if _, err := netip.ParsePrefix(e.Value); err == nil {
			return 12, "Subnet"
		}
		return 1, "Hostname"
	case event.KindPrefix:
		return 12, "Subnet"
	case event.KindPrincipal:
		return 4, "User Name"
	case event.KindCredential:
		return 19, "User Credential ID"
	default:
		return 99, "Other"
	}
}

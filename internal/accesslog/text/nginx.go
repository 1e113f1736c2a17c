package text

import (
	"gatewatch/internal/accesslog/format"
	"gatewatch/internal/accesslog/text/scan"
	"gatewatch/internal/event"
)

// nginxMain is combined and "$http_x_forwarded_for".
type nginxMain struct{ clf }

func nginxMainDefinition() format.Definition {
	return format.Definition{
		Name:  "nginx-main",
		About: "The log_format main of the nginx.org packages: combined with X-Forwarded-For.",
		New:   func() format.Parser { return new(nginxMain) },
	}
}

// Parse implements format.Parser.
func (p *nginxMain) Parse(line []byte, e *event.Event) error {
	p.Begin(line)
	p.combined(e)
	p.Forwarded(e, p.Quoted())
	return p.End()
}

// ingressNginx is the upstreaminfo format of the Kubernetes ingress controller: combined, then $request_length
// $request_time [$proxy_upstream_name] [$proxy_alternative_upstream_name] $upstream_addr $upstream_response_length
// $upstream_response_time $upstream_status $req_id. Times are in seconds. A request that was tried on several upstreams
// has lists in the upstream fields.
type ingressNginx struct{ clf }

func ingressNginxDefinition() format.Definition {
	return format.Definition{
		Name:  "ingress-nginx",
		About: "Kubernetes ingress-nginx, its default log-format-upstream.",
		New:   func() format.Parser { return new(ingressNginx) },
	}
}

// Parse implements format.Parser.
func (p *ingressNginx) Parse(line []byte, e *event.Event) error {
	p.Begin(line)
	p.combined(e)
	if v, ok := p.NumberWord(); ok {
		e.SetBytesIn(v)
	}
	if v, ok := p.Duration(p.Word(), scan.Seconds); ok {
		e.SetDuration(v)
	}
	e.Service = p.Text(p.Bracketed())
	p.Unmapped(e, "proxy_alternative_upstream_name", p.Bracketed())
	p.Unmapped(e, "upstream_addr", p.List())
	p.Unmapped(e, "upstream_response_length", p.List())
	if v, ok := p.Total(p.List(), scan.Seconds); ok {
		e.SetUpstream(v)
	}
	p.Unmapped(e, "upstream_status", p.List())
	e.RequestID = p.Text(p.Word())
	return p.EndWithRest(e)
}

package text

import (
	"strings"

	"gatewatch/internal/accesslog/format"
	"gatewatch/internal/accesslog/lex"
	"gatewatch/internal/event"
)

// apiGateway is the common log format of AWS API Gateway. A REST API logs sourceIp caller user [requestTime] "httpMethod
// resourcePath protocol" status responseLength requestId; an HTTP API has routeKey, which repeats the method, in place
// of resourcePath. Both are templates: the path itself is not in the line, and is set only where the template has no
// parameter and so is the path.
type apiGateway struct{ clf }

func apiGatewayDefinition() format.Definition {
	return format.Definition{
		Name:  "apigw-clf",
		About: "AWS API Gateway access logs in common log format, of REST and HTTP APIs.",
		New:   func() format.Parser { return new(apiGateway) },
	}
}

// Parse implements format.Parser.
func (p *apiGateway) Parse(line []byte, e *event.Event) error {
	p.Begin(line)
	p.client(e)
	p.bracketTime(e)
	p.route(e, p.requestField())
	p.StatusWord(e)
	if v, ok := p.NumberWord(); ok {
		e.SetBodyBytesOut(v)
	}
	id := p.Word()
	if len(id) < len("JKJaXmPLvHcESHA=") || id[0] == '"' {
		p.Fail(format.BadSyntax)
	}
	e.RequestID = p.Text(id)
	return p.End()
}

func (p *apiGateway) route(e *event.Event, b []byte) {
	p.Request(e, b)
	e.Route, e.Path = p.Text(lex.Bytes(e.Path)), ""
	if key, ok := strings.CutPrefix(e.Route, e.Method); ok && strings.HasPrefix(key, " ") {
		e.Route = key[1:]
	}
	if strings.HasPrefix(e.Route, "/") && !strings.Contains(e.Route, "{") {
		e.Path = e.Route
	}
}

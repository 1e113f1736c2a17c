package jsonlog

import "gatewatch/internal/event"

var schemaSamples = []sample{
	{
		name: "nested", format: "ecs-json",
		line: `{"@timestamp":"2026-11-22T14:30:00.000Z","ecs":{"version":"9.4.0"},"http":{"request":{"method":"GET","bytes":10,"referrer":"https://r.example.com/","id":"q1"},` +
			`"response":{"status_code":200,"bytes":20,"body":{"bytes":15}},"version":"1.1"},"url":{"path":"/a","query":"b=c","domain":"e.example.com","scheme":"https"},` +
			`"client":{"ip":"192.0.2.90","as":{"number":64502,"organization":{"name":"Example AS"}},"geo":{"country_iso_code":"SE"}},"source":{"ip":"198.51.100.90"},` +
			`"network":{"forwarded_ip":"192.0.2.90"},"user_agent":{"original":"UA","name":"Other"},"user":{"id":"u1","name":"dave"},"event":{"duration":1500000,"original":"raw"},` +
			`"trace":{"id":"t"},"span":{"id":"s"},"tls":{"version":"1.2","client":{"server_name":"e.example.com"}},"service":{"name":"web"},"message":"raw"}`,
		want: with(event.Event{
			Time: at * second, Client: addr("192.0.2.90"), Peer: addr("192.0.2.90"), XFF: "192.0.2.90", Method: "GET", Path: "/a", Query: "b=c",
			Host: "e.example.com", Scheme: "https", HTTPVersion: "1.1", UserAgent: "UA", Referrer: "https://r.example.com/", RequestID: "q1", Principal: "u1",
			TraceID: "t", SpanID: "s", TLSVersion: "1.2", SNI: "e.example.com", Service: "web", ASOrg: "Example AS", Country: "SE",
			Unmapped: []event.Pair{{Key: "user_agent.name", Value: "Other"}},
		}, statusOf(200), inOf(10), outOf(20), bodyOf(15), tookOf(1500), asnOf(64502)),
	},
	{
		name: "with dots, by the conventions of OpenTelemetry", format: "ecs-json",
		line: `{"timestamp":1795357800000,"http.request.method":"GET","http.response.status_code":200,"http.route":"/users/{id}","url.full":"https://a.example.com/users/7?x=1",` +
			`"client.address":"192.0.2.91","network.peer.address":"198.51.100.91","network.protocol.version":"2","user_agent.original":"UA","server.address":"a.example.com"}`,
		want: with(event.Event{
			Time: at * second, Client: addr("192.0.2.91"), Peer: addr("198.51.100.91"), Method: "GET", Route: "/users/{id}", Scheme: "https",
			Host: "a.example.com", Path: "/users/7", Query: "x=1", HTTPVersion: "2", UserAgent: "UA",
		}, statusOf(200)),
	},
	{
		name: "HTTP Activity", format: "ocsf-json",
		line: `{"activity_id":3,"category_uid":4,"class_uid":4002,"type_uid":400203,"severity_id":1,"time":1795357800042,"metadata":{"version":"1.8.0"},"duration":12,` +
			`"http_request":{"http_method":"GET","url":{"hostname":"o.example.com","path":"/p","query_string":"q=1","scheme":"https"},"user_agent":"UA","version":"1.1",` +
			`"referrer":"https://r.example.com/","uid":"id9","x_forwarded_for":["203.0.113.2","198.51.100.2"],"http_headers":[{"name":"Authorization","value":"x"}]},` +
			`"http_response":{"code":200,"body_length":7,"latency":11},"traffic":{"bytes_in":100,"bytes_out":200},"src_endpoint":{"ip":"192.0.2.92","location":{"country":"US"}},` +
			`"proxy_endpoint":{"ip":"198.51.100.2"},"dst_endpoint":{"svc_name":"orders"},"actor":{"user":{"uid":"u"}},"unmapped":{"k":"v","k.l":"-"}}`,
		want: with(event.Event{
			Time: at*second + 42e6, Client: addr("192.0.2.92"), Peer: addr("198.51.100.2"), XFF: "203.0.113.2,198.51.100.2", Country: "US", Method: "GET",
			Host: "o.example.com", Path: "/p", Query: "q=1", Scheme: "https", HTTPVersion: "1.1", UserAgent: "UA", Referrer: "https://r.example.com/",
			RequestID: "id9", Service: "orders", Principal: "u", Unmapped: []event.Pair{{Key: "k", Value: "v"}, {Key: "k.l", Value: "-"}},
		}, statusOf(200), inOf(100), outOf(200), bodyOf(7), tookOf(12000), upstreamOf(11000)),
	},
	{
		name: "begin and end", format: "ocsf-json",
		line: `{"class_uid":4002,"start_time":1795357800000,"end_time":1795357800005,"http_request":{"http_method":"GET","url":{"url_string":"http://o.example.com/z"}},` +
			`"src_endpoint":{"ip":"192.0.2.92"},"http_response":{"code":404}}`,
		want: with(event.Event{
			Time: at * second, Client: addr("192.0.2.92"), Peer: addr("192.0.2.92"), Method: "GET", Scheme: "http", Host: "o.example.com", Path: "/z",
		}, statusOf(404), tookOf(5000)),
	},
	{
		name: "every column", format: "gatewatch-json",
		line: `{"timestamp":"2026-11-22T14:30:00.000000001Z","event_id":"00ff","method":"GET","scheme":"https","host":"g.example.com","path":"/a%20b","query":"c=d","route":"/{x}",` +
			`"status":200,"bytes_in":1,"bytes_out":2,"body_bytes_out":3,"duration_us":4,"upstream_us":5,"asn":64503,"client_ip":"192.0.2.93","peer_ip":"198.51.100.93",` +
			`"client_host":"c.example.com","xff":"192.0.2.93","user_agent":"UA","referrer":"R","http_version":"2","request_id":"I","principal":"P","credential":"ab12",` +
			`"session":"cd34","trace_id":"T","span_id":"S","service":"V","tls_version":"1.3","sni":"N","ja4":"J","country":"NO","as_org":"O","request_line":"L",` +
			`"unmapped":{"a":"1","b.c":"","d":"\u0000","headers":"kept"}}`,
		want: with(event.Event{
			Time: at*second + 1, Method: "GET", Scheme: "https", Host: "g.example.com", Path: "/a%20b", Query: "c=d", Route: "/{x}",
			Client: addr("192.0.2.93"), Peer: addr("198.51.100.93"), ClientHost: "c.example.com", XFF: "192.0.2.93", UserAgent: "UA", Referrer: "R",
			HTTPVersion: "2", RequestID: "I", Principal: "P", Credential: "ab12", Session: "cd34", TraceID: "T", SpanID: "S", Service: "V",
			TLSVersion: "1.3", SNI: "N", JA4: "J", Country: "NO", ASOrg: "O", RequestLine: "L",
			Unmapped: []event.Pair{{Key: "a", Value: "1"}, {Key: "b.c", Value: ""}, {Key: "d", Value: "\x00"}},
		}, statusOf(200), inOf(1), outOf(2), bodyOf(3), tookOf(4), upstreamOf(5), asnOf(64503)),
	},
	{
		name: "milliseconds since the epoch", format: "gatewatch-json",
		line: `{"timestamp":1795357800123,"client_ip":"192.0.2.93","path":"/","status":"500"}`,
		want: with(event.Event{
			Time: at*second + 123e6, Path: "/", Client: addr("192.0.2.93"), Peer: addr("192.0.2.93"),
		}, statusOf(500)),
	},
}

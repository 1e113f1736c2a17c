package jsonlog

import (
	"slices"

	"gatewatch/internal/event"
)

var samples = slices.Concat(proxySamples, gatewaySamples, cloudSamples, schemaSamples)

var proxySamples = []sample{
	{
		name: "variables' own names, quoted numbers", format: "nginx-json",
		line: `{"time_local":"22/Nov/2026:15:30:00 +0100","time_iso8601":"2026-11-22T15:30:00+01:00","remote_addr":"192.0.2.1","remote_user":"-",` +
			`"request":"POST /api/login?next=%2Fhome HTTP/1.1","status":"401","body_bytes_sent":"157","bytes_sent":"412","request_length":"730",` +
			`"request_time":"0.215","upstream_response_time":"0.001, 0.213 : -","http_referrer":"https://www.example.com/","http_user_agent":"curl/8.5.0",` +
			`"http_x_forwarded_for":"198.51.100.9, 192.0.2.1","http_host":"api.example.com","request_id":"4bf92f3577b34da6","scheme":"https",` +
			`"ssl_protocol":"TLSv1.3","ssl_server_name":"api.example.com","upstream_addr":"10.0.0.5:8080, 10.0.0.6:8080","geoip_country_code":"NL"}`,
		want: with(event.Event{
			Time: at * second, Client: addr("192.0.2.1"), Peer: addr("192.0.2.1"), XFF: "198.51.100.9, 192.0.2.1",
			Method: "POST", Path: "/api/login", Query: "next=%2Fhome", HTTPVersion: "1.1", Scheme: "https", Host: "api.example.com",
			UserAgent: "curl/8.5.0", Referrer: "https://www.example.com/", RequestID: "4bf92f3577b34da6", TLSVersion: "TLSv1.3",
			SNI: "api.example.com", Country: "NL", Unmapped: []event.Pair{{Key: "upstream_addr", Value: "10.0.0.5:8080, 10.0.0.6:8080"}},
		}, statusOf(401), bodyOf(157), outOf(412), inOf(730), tookOf(215000), upstreamOf(214000)),
	},
	{
		name: "nested under @nginx_fields, msec, uri and args", format: "nginx-json",
		line: `{"@timestamp":"2026-11-22T14:30:09Z","@nginx_fields":{"msec":"1795357800.125","remote_addr":"2001:db8::1","realip_remote_addr":"198.51.100.2",` +
			`"request_method":"GET","uri":"/docs/a b","args":"q=1","status":200,"body_bytes_sent":0,"request_time":0.000,` +
			`"upstream_response_time":"-","http_user_agent":"Zażółć \"x\" \u00e9\ud83d\ude00","http_referer":"-"}}`,
		want: with(event.Event{
			Time: at*second + 125e6, Client: addr("2001:db8::1"), Peer: addr("198.51.100.2"), Method: "GET", Path: "/docs/a b", Query: "q=1",
			UserAgent: `Zażółć "x" é😀`,
		}, statusOf(200), bodyOf(0), tookOf(0)),
	},
	{
		name: "short names", format: "nginx-json",
		line: `{"timestamp":"2026-11-22 14:30:00,250","clientip":"client.example.com","method":"PURGE","url":"http://cdn.example.com:8080/x?y","status_code":204,` +
			`"bytes":12,"duration":1.5e-05,"agent":"varnish","domain":"cdn.example.com"}`,
		want: with(event.Event{
			Time: at*second + 250e6, ClientHost: "client.example.com", Method: "PURGE", Scheme: "http", Host: "cdn.example.com",
			Path: "/x", Query: "y", UserAgent: "varnish",
		}, statusOf(204), bodyOf(12), tookOf(15)),
	},
	{
		name: "no HTTP", format: "nginx-json",
		line: `{"msec":1795357800.5,"remote_addr":"203.0.113.7","request":"\u0016\u0003\u0001\u0002","status":400,"request_length":0}`,
		want: with(event.Event{
			Time: at*second + 5e8, Client: addr("203.0.113.7"), Peer: addr("203.0.113.7"), RequestLine: "\x16\x03\x01\x02",
		}, statusOf(400), inOf(0)),
	},
	{
		name: "default", format: "envoy-gateway-json",
		line: `{":authority":"www.example.com","bytes_received":10,"bytes_sent":121258,"connection_termination_details":null,` +
			`"downstream_local_address":"10.42.0.77:10443","downstream_remote_address":"192.0.2.12:59292","duration":11,"method":"GET","protocol":"HTTP/2",` +
			`"requested_server_name":"www.example.com","response_code":200,"response_flags":"-","route_name":"httproute/app/rule/0",` +
			`"start_time":"2026-11-22T14:30:00.479Z","upstream_host":"10.42.0.82:8080","user-agent":"Mozilla/5.0","x-envoy-origin-path":"/a.webp?w=3",` +
			`"x-envoy-upstream-service-time":9,"x-forwarded-for":"192.0.2.12","x-request-id":"3bbc0252-2d5c-49fe"}`,
		want: with(event.Event{
			Time: at*second + 479e6, Client: addr("192.0.2.12"), Peer: addr("192.0.2.12"), XFF: "192.0.2.12", Method: "GET",
			Path: "/a.webp", Query: "w=3", Host: "www.example.com", HTTPVersion: "2", SNI: "www.example.com", UserAgent: "Mozilla/5.0",
			RequestID: "3bbc0252-2d5c-49fe", Unmapped: []event.Pair{
				{Key: "downstream_local_address", Value: "10.42.0.77:10443"},
				{Key: "route_name", Value: "httproute/app/rule/0"},
				{Key: "upstream_host", Value: "10.42.0.82:8080"},
			},
		}, statusOf(200), inOf(10), bodyOf(121258), tookOf(11000), upstreamOf(9000)),
	},
	{
		name: "strings and no peer: the last hop is what Envoy saw", format: "envoy-gateway-json",
		line: `{"start_time":"2026-11-22T14:30:00.000Z","method":"GET","x-envoy-origin-path":"/","protocol":"HTTP/1.1","response_code":"0","response_flags":"DC",` +
			`"bytes_received":"0","bytes_sent":"0","duration":"3","x-envoy-upstream-service-time":"-","x-forwarded-for":"203.0.113.66,198.51.100.4",` +
			`"user-agent":"-","x-request-id":"r","` + `:authority":"a.example.com","upstream_host":"-"}`,
		want: with(event.Event{
			Time: at * second, Client: addr("198.51.100.4"), Peer: addr("198.51.100.4"), XFF: "203.0.113.66,198.51.100.4", Method: "GET", Path: "/",
			Host: "a.example.com", HTTPVersion: "1.1", RequestID: "r", Unmapped: []event.Pair{{Key: "response_flags", Value: "DC"}},
		}, statusOf(0), inOf(0), bodyOf(0), tookOf(3000)),
	},
	{
		name: "default", format: "istio-json",
		line: `{"start_time":"2026-11-22T14:30:00.001Z","method":"POST","path":"/reviews/1","protocol":"HTTP/1.1","response_code":503,"response_flags":"UF,URX",` +
			`"response_code_details":"via_upstream","bytes_received":7,"bytes_sent":91,"duration":25,"upstream_service_time":"24","x_forwarded_for":null,` +
			`"user_agent":"Go-http-client/1.1","request_id":"id-1","authority":"reviews:9080","upstream_cluster":"outbound|9080||reviews.default.svc.cluster.local",` +
			`"downstream_remote_address":"[2001:db8::7]:41234","requested_server_name":"outbound_.9080_","route_name":"default"}`,
		want: with(event.Event{
			Time: at*second + 1e6, Client: addr("2001:db8::7"), Peer: addr("2001:db8::7"), Method: "POST", Path: "/reviews/1", Host: "reviews:9080",
			HTTPVersion: "1.1", UserAgent: "Go-http-client/1.1", RequestID: "id-1", SNI: "outbound_.9080_", Unmapped: []event.Pair{
				{Key: "response_flags", Value: "UF,URX"},
				{Key: "response_code_details", Value: "via_upstream"},
				{Key: "upstream_cluster", Value: "outbound|9080||reviews.default.svc.cluster.local"},
				{Key: "route_name", Value: "default"},
			},
		}, statusOf(503), inOf(7), bodyOf(91), tookOf(25000), upstreamOf(24000)),
	},
	{
		name: "names of one's own choice", format: "envoy-json",
		line: `{"time":"2026-11-22T14:30:00Z","http":{"x":1},":method":"GET",":path":"/v1?k=v","response_code":200,"duration":1,"host":"h.example.com",` +
			`"downstream_direct_remote_address":"198.51.100.3:1","downstream_remote_address":"192.0.2.5:2","traceparent":"00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"}`,
		want: with(event.Event{
			Time: at * second, Client: addr("192.0.2.5"), Peer: addr("198.51.100.3"), Method: "GET", Path: "/v1", Query: "k=v", Host: "h.example.com",
			TraceID: "0af7651916cd43dd8448eb211c80319c", SpanID: "b7ad6b7169203331", Unmapped: []event.Pair{{Key: "http.x", Value: "1"}},
		}, statusOf(200), tookOf(1000)),
	},
	{
		name: "nanoseconds", format: "traefik-json",
		line: `{"ClientAddr":"192.0.2.17:39496","ClientHost":"192.0.2.17","ClientPort":"39496","ClientUsername":"alice","DownstreamContentSize":357,` +
			`"DownstreamStatus":200,"Duration":357313,"OriginDuration":324669,"OriginStatus":200,"Overhead":32644,"RequestAddr":"app.example.com:8443",` +
			`"RequestContentSize":5,"RequestCount":190,"RequestHost":"app.example.com","RequestMethod":"GET","RequestPath":"/x?y=z","RequestPort":"8443",` +
			`"RequestProtocol":"HTTP/2.0","RequestScheme":"https","RouterName":"app@docker","ServiceAddr":"172.17.0.3:80","ServiceName":"svc@docker",` +
			`"ServiceURL":{"Scheme":"http","User":null,"Host":"172.17.0.3:80"},"StartUTC":"2026-11-22T14:30:00.587782192Z","TLSVersion":"1.3",` +
			`"downstream_Content-Length":"357","entryPointName":"web","level":"info","msg":"","request_User-Agent":"Nikto","time":"2026-11-22T14:30:01Z"}`,
		want: with(event.Event{
			Time: at*second + 587782192, Client: addr("192.0.2.17"), Peer: addr("192.0.2.17"), Principal: "alice", Method: "GET", Path: "/x", Query: "y=z",
			Scheme: "https", Host: "app.example.com", HTTPVersion: "2", Service: "app@docker", TLSVersion: "1.3", UserAgent: "Nikto",
			Unmapped: []event.Pair{{Key: "ServiceAddr", Value: "172.17.0.3:80"}, {Key: "entryPointName", Value: "web"}},
		}, statusOf(200), inOf(5), bodyOf(357), tookOf(357), upstreamOf(324)),
	},
	{
		name: "ClientHost is what the client says", format: "traefik-json",
		line: `{"time":"2026-11-22T14:30:00Z","ClientAddr":"192.0.2.17:1","ClientHost":"203.0.113.1","RequestMethod":"GET","RequestPath":"/","DownstreamStatus":404}`,
		want: with(event.Event{
			Time: at * second, Client: addr("192.0.2.17"), Peer: addr("192.0.2.17"), XFF: "203.0.113.1", Method: "GET", Path: "/",
		}, statusOf(404)),
	},
	{
		name: "seconds as floats, headers as arrays", format: "caddy-json",
		line: `{"level":"info","ts":1795357800.7565,"logger":"http.log.access.log0","msg":"handled request","request":{"remote_ip":"198.51.100.1",` +
			`"remote_port":"44790","client_ip":"192.0.2.8","proto":"HTTP/2.0","method":"GET","host":"example.com:8443","uri":"/?q=1","headers":{` +
			`"User-Agent":["curl/7.74.0","second"],"X-Forwarded-For":["192.0.2.8","198.51.100.1"],"Accept":["*/*"],"Referer":[]},` +
			`"tls":{"resumed":false,"version":772,"cipher_suite":4865,"proto":"h2","server_name":"example.com"}},"bytes_read":3,"user_id":"bob",` +
			`"duration":0.000002701,"size":2326,"status":200,"resp_headers":{"Server":["Caddy"]}}`,
		want: with(event.Event{
			Time: at*second + 756500000, Client: addr("192.0.2.8"), Peer: addr("198.51.100.1"), XFF: "192.0.2.8,198.51.100.1", Principal: "bob",
			Method: "GET", Path: "/", Query: "q=1", Host: "example.com:8443", HTTPVersion: "2", UserAgent: "curl/7.74.0", TLSVersion: "TLSv1.3",
			SNI: "example.com", Unmapped: []event.Pair{
				{Key: "request.headers.Accept", Value: `["*/*"]`},
				{Key: "request.tls.cipher_suite", Value: "4865"},
			},
		}, statusOf(200), inOf(3), bodyOf(2326), tookOf(3)),
	},
	{
		name: "time and duration spelled", format: "caddy-json",
		line: `{"level":"info","ts":"2026/11/22 14:30:00.25","msg":"handled request","request":{"remote_addr":"192.0.2.8:4","method":"GET","uri":"/",` +
			`"headers":{}},"duration":"1m2.5s","size":0,"status":0}`,
		want: with(event.Event{
			Time: at*second + 25e7, Client: addr("192.0.2.8"), Peer: addr("192.0.2.8"), Method: "GET", Path: "/",
		}, statusOf(0), bodyOf(0), tookOf(62500000)),
	},
}

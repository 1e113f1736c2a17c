package jsonlog

import "gatewatch/internal/event"

var gatewaySamples = []sample{
	{
		name: "consumer, nothing proxied", format: "kong-json",
		line: `{"latencies":{"kong":3,"proxy":-1,"request":4},"service":{"name":"orders","host":"10.0.0.9","id":"5"},"request":{"querystring":{"a":"1"},` +
			`"size":320,"uri":"/orders?a=1","url":"https://api.example.com:8443/orders","headers":{"host":"api.example.com","user-agent":["ua one","ua two"],` +
			`"x-forwarded-for":"203.0.113.5"},"method":"PATCH","tls":{"version":"TLSv1.2","client_verify":"NONE"},"id":"req-1"},"tries":[],"client_ip":"192.0.2.3",` +
			`"consumer":{"id":"7","username":"mobile-app","custom_id":"c"},"authenticated_entity":{"id":"key-9"},"upstream_uri":"/orders","response":{"headers":{"x":"y"},` +
			`"status":403,"size":934},"route":{"id":"2","name":"orders-v1","paths":["/orders"]},"started_at":1795357800007}`,
		want: with(event.Event{
			Time: at*second + 7e6, Client: addr("192.0.2.3"), Peer: addr("192.0.2.3"), XFF: "203.0.113.5", Principal: "mobile-app", Credential: "key-9",
			Method: "PATCH", Scheme: "https", Host: "api.example.com", Path: "/orders", Query: "a=1", UserAgent: "ua one", RequestID: "req-1",
			TLSVersion: "TLSv1.2", Service: "orders", Unmapped: []event.Pair{
				{Key: "latencies.kong", Value: "3"},
				{Key: "upstream_uri", Value: "/orders"},
				{Key: "route.name", Value: "orders-v1"},
			},
		}, statusOf(403), inOf(320), outOf(934), tookOf(4000)),
	},
	{
		name: "REST", format: "apigw-rest-json",
		line: `{"requestId":"c6af9ac6","ip":"192.0.2.44","caller":"-","user":"carol","requestTime":"22/Nov/2026:14:30:00 +0000","httpMethod":"GET",` +
			`"resourcePath":"/pets/{petId}","status":"200","protocol":"HTTP/1.1","responseLength":"3456"}`,
		want: with(event.Event{
			Time: at * second, Client: addr("192.0.2.44"), Peer: addr("192.0.2.44"), Principal: "carol", Method: "GET", Route: "/pets/{petId}",
			HTTPVersion: "1.1", RequestID: "c6af9ac6",
		}, statusOf(200), bodyOf(3456)),
	},
	{
		name: "HTTP", format: "apigw-http-json",
		line: `{"requestId":"JKJaXmPLvHcESHA=","ip":"2001:db8::44","requestTime":"22/Nov/2026:14:30:00 +0000","httpMethod":"DELETE","routeKey":"ANY /pets/{id}",` +
			`"status":"204","protocol":"HTTP/1.1","responseLength":"0","path":"/pets/7","responseLatency":"12","integrationLatency":"-"}`,
		want: with(event.Event{
			Time: at * second, Client: addr("2001:db8::44"), Peer: addr("2001:db8::44"), Method: "DELETE", Route: "/pets/{id}", Path: "/pets/7",
			HTTPVersion: "1.1", RequestID: "JKJaXmPLvHcESHA=",
		}, statusOf(204), bodyOf(0), tookOf(12000)),
	},
	{
		name: "the route's method where there is no other", format: "apigw-http-json",
		line: `{"requestId":"r","ip":"192.0.2.44","requestTimeEpoch":"1795357800123","routeKey":"GET /pets","status":"200"}`,
		want: with(event.Event{
			Time: at*second + 123e6, Client: addr("192.0.2.44"), Peer: addr("192.0.2.44"), Method: "GET", Route: "/pets", RequestID: "r",
		}, statusOf(200)),
	},
}

var cloudSamples = []sample{
	{
		name: "nanoseconds", format: "cloudflare-json",
		line: `{"ClientIP":"2001:db8::cf","ClientASN":64500,"ClientCountry":"de","ClientRequestHost":"www.example.com","ClientRequestMethod":"GET",` +
			`"ClientRequestURI":"/a?b=c","ClientRequestPath":"/a","ClientRequestProtocol":"HTTP/3","ClientRequestScheme":"https","ClientRequestBytes":1200,` +
			`"ClientRequestUserAgent":"UA","ClientRequestReferer":"","EdgeStartTimestamp":1795357800123456789,"EdgeEndTimestamp":1795357800223456789,` +
			`"EdgeResponseStatus":200,"EdgeResponseBytes":5000,"EdgeResponseBodyBytes":4200,"OriginResponseDurationMs":80,"RayID":"8f0e","JA4":"t13d1516h2_8daaf6152771_02713d6af862",` +
			`"ClientSSLProtocol":"TLSv1.3","BotScore":1,"SecurityRuleIDs":["r1","r2"],"Cookies":{"sid":"x"},"RequestHeaders":{"x-forwarded-for":"203.0.113.1"}}`,
		want: with(event.Event{
			Time: at*second + 123456789, Client: addr("2001:db8::cf"), Peer: addr("2001:db8::cf"), XFF: "203.0.113.1", Country: "DE", Method: "GET",
			Scheme: "https", Host: "www.example.com", Path: "/a", Query: "b=c", HTTPVersion: "3", UserAgent: "UA", RequestID: "8f0e",
			JA4: "t13d1516h2_8daaf6152771_02713d6af862", TLSVersion: "TLSv1.3",
			Unmapped: []event.Pair{{Key: "BotScore", Value: "1"}, {Key: "SecurityRuleIDs", Value: `["r1","r2"]`}},
		}, statusOf(200), inOf(1200), outOf(5000), bodyOf(4200), tookOf(100000), upstreamOf(80000), asnOf(64500)),
	},
	{
		name: "RFC 3339: no duration from whole seconds", format: "cloudflare-json",
		line: `{"ClientIP":"192.0.2.99","ClientRequestHost":"e.example.com","EdgeStartTimestamp":"2026-11-22T14:30:00Z","EdgeEndTimestamp":"2026-11-22T14:30:01Z",` +
			`"ClientRequestMethod":"GET","EdgeResponseStatus":"520","OriginResponseTime":2500000}`,
		want: with(event.Event{
			Time: at * second, Client: addr("192.0.2.99"), Peer: addr("192.0.2.99"), Host: "e.example.com", Method: "GET",
		}, statusOf(520), upstreamOf(2500)),
	},
	{
		name: "seconds, the end only", format: "cloudflare-json",
		line: `{"ClientIP":"192.0.2.99","ClientRequestPath":"/p","EdgeEndTimestamp":1795357800,"ClientRequestMethod":"GET"}`,
		want: event.Event{Time: at * second, Client: addr("192.0.2.99"), Peer: addr("192.0.2.99"), Path: "/p", Method: "GET"},
	},
	{
		name: "v2: seconds", format: "azure-appgw-json",
		line: `{"timeStamp":"2026-11-22T14:30:00+00:00","resourceId":"/SUBSCRIPTIONS/S","category":"ApplicationGatewayAccessLog","properties":{"instanceId":"i_0",` +
			`"clientIP":"192.0.2.50","clientPort":4311,"httpMethod":"GET","requestUri":"/rewritten","originalRequestUriWithArgs":"/x?a=b","requestQuery":"a=b",` +
			`"userAgent":"UA","httpStatus":"200","httpVersion":"HTTP/1.1","receivedBytes":65,"sentBytes":553,"timeTaken":0.205,"serverResponseLatency":"0.104",` +
			`"transactionId":"t1","sslEnabled":"on","sslProtocol":"TLSv1.2","host":"be.example.com","originalHost":"www.example.com"}}`,
		want: with(event.Event{
			Time: at * second, Client: addr("192.0.2.50"), Peer: addr("192.0.2.50"), Method: "GET", Path: "/x", Query: "a=b", Scheme: "https",
			Host: "www.example.com", HTTPVersion: "1.1", UserAgent: "UA", RequestID: "t1", TLSVersion: "TLSv1.2", Unmapped: []event.Pair{
				{Key: "resourceId", Value: "/SUBSCRIPTIONS/S"}, {Key: "properties.instanceId", Value: "i_0"},
			},
		}, statusOf(200), inOf(65), outOf(553), tookOf(205000), upstreamOf(104000)),
	},
	{
		name: "milliseconds, requestQuery is no query", format: "azure-appgw-v1-json",
		line: `{"time":"2026-11-22T14:30:00Z","category":"ApplicationGatewayAccessLog","properties":{"clientIP":"192.0.2.51","clientPort":1,"httpMethod":"HEAD",` +
			`"requestUri":"/phpmyadmin","requestQuery":"X-AzureApplicationGateway-CACHE-HIT=0&SERVER-ROUTED=10.4.0.4","userAgent":"-","httpStatus":"404",` +
			`"httpVersion":"HTTP/1.0","receivedBytes":65,"sentBytes":553,"timeTaken":205,"sslEnabled":"off"}}`,
		want: with(event.Event{
			Time: at * second, Client: addr("192.0.2.51"), Peer: addr("192.0.2.51"), Method: "HEAD", Path: "/phpmyadmin", Scheme: "http", HTTPVersion: "1.0",
		}, statusOf(404), inOf(65), outOf(553), tookOf(205000)),
	},
	{
		name: "load balancer", format: "gcp-lb-json",
		line: `{"httpRequest":{"latency":"0.058927s","remoteIp":"192.0.2.61","requestMethod":"GET","requestSize":"502","requestUrl":"https://u:pw@shop.example.com/a/b?c=d",` +
			`"responseSize":"10472","serverIp":"10.0.0.1","status":200,"userAgent":"UA","referer":"https://r.example.com/","protocol":"HTTP/2"},"insertId":"ins1",` +
			`"jsonPayload":{"@type":"type.googleapis.com/x","statusDetails":"response_sent_by_backend","remoteIp":"192.0.2.61"},"resource":{"labels":` +
			`{"backend_service_name":"shop-be","zone":"global"},"type":"http_load_balancer"},"spanId":"4d","timestamp":"2026-11-22T14:30:00.123456Z",` +
			`"trace":"projects/p/traces/0af7651916cd43dd8448eb211c80319c"}`,
		want: with(event.Event{
			Time: at*second + 123456000, Client: addr("192.0.2.61"), Peer: addr("192.0.2.61"), Method: "GET", Scheme: "https", Host: "shop.example.com",
			Path: "/a/b", Query: "c=d", HTTPVersion: "2", UserAgent: "UA", Referrer: "https://r.example.com/", RequestID: "ins1", SpanID: "4d",
			TraceID: "0af7651916cd43dd8448eb211c80319c", Service: "shop-be", Unmapped: []event.Pair{
				{Key: "httpRequest.serverIp", Value: "10.0.0.1"},
				{Key: "jsonPayload.statusDetails", Value: "response_sent_by_backend"},
				{Key: "resource.labels.zone", Value: "global"},
				{Key: "resource.type", Value: "http_load_balancer"},
			},
		}, statusOf(200), inOf(502), outOf(10472), tookOf(58927)),
	},
	{
		name: "three durations", format: "aws-alb-json",
		line: `{"type":"https","time":"2026-11-22T14:30:01.000000Z","elb":"app/lb/1","client_ip":"192.0.2.71","client_port":2817,"request_processing_time":0.086,` +
			`"target_processing_time":0.048,"response_processing_time":-1,"elb_status_code":200,"target_status_code":"200","received_bytes":0,"sent_bytes":57,` +
			`"request_verb":"GET","request_url":"https://www.example.com:443/x?y=1","request_proto":"HTTP/1.1","user_agent":"curl/7.46.0","ssl_protocol":"TLSv1.2",` +
			`"trace_id":"Root=1-58337281-1d84f3d73c47ec4e58577259","domain_name":"www.example.com","request_creation_time":"2026-11-22T14:30:00.500000Z"}`,
		want: with(event.Event{
			Time: at*second + second, Client: addr("192.0.2.71"), Peer: addr("192.0.2.71"), Method: "GET", Scheme: "https", Host: "www.example.com",
			Path: "/x", Query: "y=1", HTTPVersion: "1.1", UserAgent: "curl/7.46.0", TLSVersion: "TLSv1.2", SNI: "www.example.com",
			TraceID: "1-58337281-1d84f3d73c47ec4e58577259", Unmapped: []event.Pair{
				{Key: "type", Value: "https"}, {Key: "elb", Value: "app/lb/1"}, {Key: "target_status_code", Value: "200"},
			},
		}, statusOf(200), inOf(0), outOf(57), tookOf(134000), upstreamOf(48000)),
	},
	{
		name: "hyphens, request line, client with port", format: "aws-alb-json",
		line: `{"time":"2026-11-22T14:30:00Z","client:port":"192.0.2.71:2817","target-processing-time":"-1","elb-status-code":"400","request":"- http://lb.example.com:80- -"}`,
		want: with(event.Event{
			Time: at * second, Client: addr("192.0.2.71"), Peer: addr("192.0.2.71"), RequestLine: "- http://lb.example.com:80- -",
		}, statusOf(400)),
	},
	{
		name: "proposed", format: "fastly-json",
		line: `{ "timestamp": "2026-11-22T14:30:00+0000", "client_ip": "192.0.2.75", "geo_country": "sweden", "host": "www.example.com", "url": "/x?a=b",` +
			` "request_method": "GET", "request_protocol": "HTTP/1.1", "request_referer": "", "request_user_agent": "UA", "response_state": "MISS-CLUSTER",` +
			` "response_status": 404, "response_reason": "Not Found", "response_body_size": 564, "fastly_server": "cache-1", "fastly_is_edge": true }`,
		want: with(event.Event{
			Time: at * second, Client: addr("192.0.2.75"), Peer: addr("192.0.2.75"), Host: "www.example.com", Path: "/x", Query: "a=b", Method: "GET",
			HTTPVersion: "1.1", UserAgent: "UA", Unmapped: []event.Pair{
				{Key: "geo_country", Value: "sweden"},
				{Key: "response_state", Value: "MISS-CLUSTER"},
				{Key: "fastly_server", Value: "cache-1"},
				{Key: "fastly_is_edge", Value: "true"},
			},
		}, statusOf(404), bodyOf(564)),
	},
	{
		name: "date and time apart, encoded agent", format: "cloudfront-json",
		line: `{"date":"2026-11-22","time":"14:30:00","x-edge-location":"FRA50-C1","sc-bytes":"2390","c-ip":"192.0.2.81","cs-method":"GET","cs(Host)":"d111.cloudfront.net",` +
			`"cs-uri-stem":"/view.html","sc-status":"304","cs(Referer)":"-","cs(User-Agent)":"Mozilla/5.0%20(X11)","cs-uri-query":"-","cs(Cookie)":"-",` +
			`"x-host-header":"www.example.com","cs-protocol":"https","cs-bytes":"421","time-taken":"0.001","ssl-protocol":"TLSv1.3","cs-protocol-version":"HTTP/2.0","c-port":"11040"}`,
		want: with(event.Event{
			Time: at * second, Client: addr("192.0.2.81"), Peer: addr("192.0.2.81"), Method: "GET", Host: "www.example.com", Path: "/view.html", Scheme: "https",
			HTTPVersion: "2", UserAgent: "Mozilla/5.0 (X11)", TLSVersion: "TLSv1.3", Unmapped: []event.Pair{{Key: "x-edge-location", Value: "FRA50-C1"}},
		}, statusOf(304), inOf(421), outOf(2390), tookOf(1000)),
	},
	{
		name: "underscores", format: "cloudfront-json",
		line: `{"timestamp(ms)":"1795357800250","c_ip":"2001:db8::81","cs_method":"POST","cs_uri_stem":"/p","cs_uri_query":"a=1","sc_status":200,` +
			`"cs_user_agent":"x%2","cs_host":"h.example.com","c_country":"FR","asn":64501}`,
		want: with(event.Event{
			Time: at*second + 250e6, Client: addr("2001:db8::81"), Peer: addr("2001:db8::81"), Method: "POST", Path: "/p", Query: "a=1", UserAgent: "x%2",
			Host: "h.example.com", Country: "FR",
		}, statusOf(200), asnOf(64501)),
	},
}

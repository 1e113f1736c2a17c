package jsonlog

// apiGatewayRules serve both kinds of API Gateway. Every value is a string. resourcePath and routeKey are templates; the
// path itself is there only when it was added to the format.
var apiGatewayRules = []rule{
	{key: "requestTime", to: timestamp, in: clf},
	{key: "requestTimeEpoch", to: timestamp, in: millis},
	{key: "identity.sourceIp", to: clientIP},
	{key: "sourceIp", to: clientIP},
	{key: "ip", to: clientIP},
	{key: "xForwardedFor", to: xff},
	{key: "caller", to: principal},
	{key: "principalId", to: principal},
	{key: "authorizer.principalId", to: principal},
	{key: "user", to: principal},
	{key: "apiKeyId", to: secretCredential},
	{key: "identity.apiKeyId", to: secretCredential},
	{key: "identity.apiKey", to: secretCredential},
	{key: "apiKey", to: secretCredential},

	{key: "resourcePath", to: route},
	{key: "routeKey", to: routeKey},
	{key: "httpMethod", to: method},
	{key: "path", to: target},
	{key: "domainName", to: host},
	{key: "protocol", to: protocol},
	{key: "status", to: status},
	{key: "responseLength", to: bodyBytesOut},
	{key: "responseLatency", to: duration, in: millis},
	{key: "integrationLatency", to: upstream, in: millisOrUnset},
	{key: "identity.userAgent", to: userAgent},
	{key: "userAgent", to: userAgent},
	{key: "extendedRequestId", to: drop},
	{key: "requestId", to: requestID},
	{key: "xrayTraceId", to: traceID},
	{key: "apiId", to: service},
}

var apiGatewayHTTPTable = table{
	name:  "apigw-http-json",
	about: "Amazon API Gateway, HTTP API, JSON access log",
	needs: [][]string{{"requestId"}, {"routeKey"}, {"requestTime", "requestTimeEpoch"}},
	rules: apiGatewayRules,
}

var apiGatewayRESTTable = table{
	name:  "apigw-rest-json",
	about: "Amazon API Gateway, REST API, JSON access log",
	needs: [][]string{{"requestId"}, {"resourcePath", "httpMethod"}, {"requestTime", "requestTimeEpoch"}},
	rules: apiGatewayRules,
}

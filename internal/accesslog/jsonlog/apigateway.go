package jsonlog

import "gatewatch/internal/accesslog/jsonlog/record"

// apiGatewayRules serve both kinds of API Gateway. Every value is a string. resourcePath and routeKey are templates; the
// path itself is there only when it was added to the format.
var apiGatewayRules = []record.Rule{
	{Key: "requestTime", To: record.Timestamp, In: record.CLF},
	{Key: "requestTimeEpoch", To: record.Timestamp, In: record.Millis},
	{Key: "identity.sourceIp", To: record.ClientIP},
	{Key: "sourceIp", To: record.ClientIP},
	{Key: "ip", To: record.ClientIP},
	{Key: "xForwardedFor", To: record.XFF},
	{Key: "caller", To: record.Principal},
	{Key: "principalId", To: record.Principal},
	{Key: "authorizer.principalId", To: record.Principal},
	{Key: "user", To: record.Principal},
	{Key: "apiKeyId", To: record.SecretCredential},
	{Key: "identity.apiKeyId", To: record.SecretCredential},
	{Key: "identity.apiKey", To: record.SecretCredential},
	{Key: "apiKey", To: record.SecretCredential},

	{Key: "resourcePath", To: record.Route},
	{Key: "routeKey", To: record.RouteKey},
	{Key: "httpMethod", To: record.Method},
	{Key: "path", To: record.Target},
	{Key: "domainName", To: record.Host},
	{Key: "protocol", To: record.Protocol},
	{Key: "status", To: record.Status},
	{Key: "responseLength", To: record.BodyBytesOut},
	{Key: "responseLatency", To: record.Duration, In: record.Millis},
	{Key: "integrationLatency", To: record.Upstream, In: record.MillisOrUnset},
	{Key: "identity.userAgent", To: record.UserAgent},
	{Key: "userAgent", To: record.UserAgent},
	{Key: "extendedRequestId", To: record.Drop},
	{Key: "requestId", To: record.RequestID},
	{Key: "xrayTraceId", To: record.TraceID},
	{Key: "apiId", To: record.Service},
}

var apiGatewayHTTPTable = record.Table{
	Name:  "apigw-http-json",
	About: "Amazon API Gateway, HTTP API, JSON access log",
	Needs: [][]string{{"requestId"}, {"routeKey"}, {"requestTime", "requestTimeEpoch"}},
	Rules: apiGatewayRules,
}

var apiGatewayRESTTable = record.Table{
	Name:  "apigw-rest-json",
	About: "Amazon API Gateway, REST API, JSON access log",
	Needs: [][]string{{"requestId"}, {"resourcePath", "httpMethod"}, {"requestTime", "requestTimeEpoch"}},
	Rules: apiGatewayRules,
}

package jsonlog

import "gatewatch/internal/accesslog/jsonlog/record"

// azureRules are what both generations of Application Gateway have in common: not the unit of timeTaken, nor the meaning
// of requestQuery.
var azureRules = []record.Rule{
	{Key: "category", To: record.Expected, Want: "ApplicationGatewayAccess"},
	{Key: "properties.clientIP", To: record.ClientIP},
	{Key: "properties.httpMethod", To: record.Method},
	{Key: "properties.requestUri", To: record.Target},
	{Key: "properties.originalRequestUriWithArgs", To: record.Target},
	{Key: "properties.host", To: record.Host},
	{Key: "properties.originalHost", To: record.Host},
	{Key: "properties.httpVersion", To: record.Protocol},
	{Key: "properties.sslEnabled", To: record.HTTPS},
	{Key: "properties.sslProtocol", To: record.TLSVersion},
	{Key: "properties.userAgent", To: record.UserAgent},
	{Key: "properties.httpStatus", To: record.Status},
	{Key: "properties.receivedBytes", To: record.BytesIn},
	{Key: "properties.sentBytes", To: record.BytesOut},
	{Key: "properties.serverResponseLatency", To: record.Upstream, In: record.Seconds},
	{Key: "properties.transactionId", To: record.RequestID},
	{Key: "properties.clientPort", To: record.Drop},
}

var azureTable = record.Table{
	Name:    "azure-appgw-json",
	About:   "Azure Application Gateway v2 access log",
	Needs:   [][]string{{"timeStamp"}, {"properties.clientIP"}, {"properties.httpMethod", "properties.requestUri"}},
	Refuses: nil,
	Rules: append([]record.Rule{
		{Key: "time", To: record.Drop},
		{Key: "timeStamp", To: record.Timestamp},
		{Key: "properties.requestQuery", To: record.Query},
		{Key: "properties.timeTaken", To: record.Duration, In: record.Seconds},
	}, azureRules...),
}

var azureV1Table = record.Table{
	Name:    "azure-appgw-v1-json",
	About:   "Azure Application Gateway v1 access log",
	Needs:   [][]string{{"time"}, {"properties.clientIP"}, {"properties.httpMethod", "properties.requestUri"}},
	Refuses: []string{"timeStamp"},
	Rules: append([]record.Rule{
		{Key: "time", To: record.Timestamp},
		{Key: "properties.requestQuery", To: record.Drop}, // the back end's address and the like
		{Key: "properties.timeTaken", To: record.Duration, In: record.Millis},
	}, azureRules...),
}

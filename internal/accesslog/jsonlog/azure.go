package jsonlog

// azureRules are what both generations of Application Gateway have in common: not the unit of timeTaken, nor the meaning
// of requestQuery.
var azureRules = []rule{
	{key: "category", to: expected, want: "ApplicationGatewayAccess"},
	{key: "properties.clientIP", to: clientIP},
	{key: "properties.httpMethod", to: method},
	{key: "properties.requestUri", to: target},
	{key: "properties.originalRequestUriWithArgs", to: target},
	{key: "properties.host", to: host},
	{key: "properties.originalHost", to: host},
	{key: "properties.httpVersion", to: protocol},
	{key: "properties.sslEnabled", to: https},
	{key: "properties.sslProtocol", to: tlsVersion},
	{key: "properties.userAgent", to: userAgent},
	{key: "properties.httpStatus", to: status},
	{key: "properties.receivedBytes", to: bytesIn},
	{key: "properties.sentBytes", to: bytesOut},
	{key: "properties.serverResponseLatency", to: upstream, in: seconds},
	{key: "properties.transactionId", to: requestID},
	{key: "properties.clientPort", to: drop},
}

var azureTable = table{
	name:    "azure-appgw-json",
	about:   "Azure Application Gateway v2 access log",
	needs:   [][]string{{"timeStamp"}, {"properties.clientIP"}, {"properties.httpMethod", "properties.requestUri"}},
	refuses: nil,
	rules: append([]rule{
		{key: "time", to: drop},
		{key: "timeStamp", to: timestamp},
		{key: "properties.requestQuery", to: query},
		{key: "properties.timeTaken", to: duration, in: seconds},
	}, azureRules...),
}

var azureV1Table = table{
	name:    "azure-appgw-v1-json",
	about:   "Azure Application Gateway v1 access log",
	needs:   [][]string{{"time"}, {"properties.clientIP"}, {"properties.httpMethod", "properties.requestUri"}},
	refuses: []string{"timeStamp"},
	rules: append([]rule{
		{key: "time", to: timestamp},
		{key: "properties.requestQuery", to: drop}, // the back end's address and the like
		{key: "properties.timeTaken", to: duration, in: millis},
	}, azureRules...),
}

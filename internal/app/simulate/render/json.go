package render

import (
	"strconv"

	"gatewatch/internal/app/simulate/site"
)

// nginxJSON is a log_format with escape=json that leaves out nothing of what nginx knows.
type nginxJSON struct{ clock clock }

// Append implements Format.
func (f *nginxJSON) Append(b []byte, q *site.Request) []byte {
	b = append(b, `{"time_iso8601":"`...)
	b = f.clock.append(b, q.At)
	b = append(b, `","msec":"`...)
	b = appendThousandths(b, q.At/1e6)
	b = append(b, `","remote_addr":"`...)
	b = q.From.Addr.AppendTo(b)
	b = member(b, `","remote_user":"`, q.User)
	b = member(b, `","request_method":"`, q.Method)
	b = append(b, `","request_uri":"`...)
	b = escaped(b, q.Path)
	if len(q.Query) > 0 {
		b = append(b, '?')
		b = escaped(b, q.Query)
	}
	b = member(b, `","server_protocol":"`, q.From.Agent.HTTP)
	b = append(b, `","status":`...)
	b = strconv.AppendInt(b, int64(q.Status), 10)
	b = append(b, `,"body_bytes_sent":`...)
	b = strconv.AppendInt(b, q.Out, 10)
	b = append(b, `,"bytes_sent":`...)
	b = strconv.AppendInt(b, q.Out+headerBytes, 10)
	b = append(b, `,"request_length":`...)
	b = strconv.AppendInt(b, bytesIn(q), 10)
	b = append(b, `,"request_time":`...)
	b = appendThousandths(b, q.Micros/1000)
	b = append(b, `,"upstream_response_time":"`...)
	b = appendThousandths(b, q.Micros*97/100000)
	b = member(b, `","http_referer":"`, q.Referer)
	b = member(b, `","http_user_agent":"`, q.From.Agent.Name)
	b = secrets(b, q)
	b = append(b, `","host":"`...)
	b = append(b, q.Host...)
	b = append(b, `","service":"`...)
	b = append(b, q.Service...)
	b = append(b, `","request_id":"`...)
	b = appendHex(appendHex(b, q.ID), ^q.ID*0x9e3779b97f4a7c15)
	b = append(b, `","ssl_protocol":"`...)
	b = append(b, q.From.Agent.TLS...)
	b = append(b, `","http_ssl_ja4":"`...)
	b = append(b, q.From.Agent.JA4...)
	b = append(b, `","geoip2_data_country_code":"`...)
	b = append(b, q.From.Country...)
	b = append(b, `","asn":`...)
	b = strconv.AppendUint(b, uint64(q.From.ASN), 10)
	return append(b, '}')
}

// secrets are the headers that say who the client is; readers of the log replace them by hashes. They are logged only
// where the client sent them, to keep the log small.
func secrets(b []byte, q *site.Request) []byte {
	if q.Bearer != 0 {
		b = append(b, `","http_authorization":"Bearer at_`...)
		b = appendHex(b, q.Bearer)
	}
	if q.Key != 0 {
		b = append(b, `","http_x_api_key":"kk_`...)
		b = appendHex(b, q.Key)
	}
	if q.Cookie != 0 {
		b = append(b, `","http_cookie":"sid=`...)
		b = appendHex(b, q.Cookie)
	}
	return b
}

// member closes the last value, and begins another with a text in it.
func member(b []byte, between, text string) []byte {
	return escaped(append(b, between...), text)
}

// escaped appends a text as nginx does with escape=json.
func escaped[T string | []byte](b []byte, text T) []byte {
	start := 0
	for i := range len(text) {
		c := text[i]
		if c >= ' ' && c != '"' && c != '\\' {
			continue
		}
		b = append(b, text[start:i]...)
		start = i + 1
		switch c {
		case '"', '\\':
			b = append(b, '\\', c)
		default:
			b = append(b, '\\', 'u', '0', '0', digits[c>>4], digits[c&15])
		}
	}
	return append(b, text[start:]...)
}

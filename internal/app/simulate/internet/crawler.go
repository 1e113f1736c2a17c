package internet

import "net/netip"

// Robot is a declared crawler.
type Robot struct {
	Agent   Agent
	ASN     uint32
	Network netip.Prefix // one of those that its operator publishes
	Hosts   int          // how many of its addresses come by
	PerDay  float64      // pages it reads
	Polite  bool         // reads robots.txt and keeps a distance between requests
}

func robot(name string) Agent { return Agent{name, chrome, http11, tls13, Crawler} }

// Robots are the crawlers that come by, those that train models among them.
func Robots() []Robot {
	return []Robot{
		{robot("Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)"), 15169, netip.MustParsePrefix("66.249.66.0/27"), 6, 5200, true},
		{robot("Mozilla/5.0 (compatible; bingbot/2.0; +http://www.bing.com/bingbot.htm)"), 8075, netip.MustParsePrefix("157.55.39.0/24"), 5, 3100, true},
		{robot("Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_5) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/13.1.1 Safari/605.1.15 (Applebot/0.1; +http://www.apple.com/go/applebot)"), 714, netip.MustParsePrefix("17.241.219.0/24"), 3, 900, true},
		{robot("Mozilla/5.0 AppleWebKit/537.36 (KHTML, like Gecko; compatible; GPTBot/1.3; +https://openai.com/gptbot)"), 8075, netip.MustParsePrefix("20.171.206.0/24"), 4, 6400, false},
		{robot("Mozilla/5.0 AppleWebKit/537.36 (KHTML, like Gecko; compatible; ClaudeBot/1.0; +claudebot@anthropic.com)"), 16509, netip.MustParsePrefix("216.73.216.0/22"), 3, 4100, true},
		{robot("Mozilla/5.0 (compatible; AhrefsBot/7.0; +http://ahrefs.com/robot/)"), 16276, netip.MustParsePrefix("54.36.148.0/24"), 8, 2600, true},
		{robot("meta-externalagent/1.1 (+https://developers.facebook.com/docs/sharing/webmasters/crawler)"), 32934, netip.MustParsePrefix("57.141.0.0/24"), 6, 3500, false},
	}
}

// Claimed is what a false Googlebot says of itself.
var Claimed = Agent{"Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)", golang, http11, tls13, Tool}

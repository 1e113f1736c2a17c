package internet

import "gatewatch/internal/app/simulate/dice"

// Agent is a program that makes requests: how it names itself, and how its TLS and HTTP look from outside.
type Agent struct {
	Name  string // User-Agent
	JA4   string
	HTTP  string // the protocol as servers log it
	TLS   string
	Class Class
}

// Class is a sort of program.
type Class uint8

// The classes.
const (
	Browser Class = iota
	App
	Tool
	Crawler
)

const (
	http2  = "HTTP/2.0"
	http11 = "HTTP/1.1"
	tls13  = "TLSv1.3"
	tls12  = "TLSv1.2"

	chrome  = "t13d1516h2_8daaf6152771_02713d6af862"
	firefox = "t13d1715h2_5b57614c22b0_3d5424432f57"
	safari  = "t13d2014h2_a09f3c656075_14788d8d241b"
	okhttp  = "t13d1614h2_7e89ffb9d26a_e7eca2baf458"
	cfnet   = "t13d2014h2_a09f3c656075_7f0f34a4126d"
	golang  = "t13d131000_f57a46bbacb6_e5728521abd4"
	openssl = "t13d3112h2_e8f1e7e78f70_b26ce05bbdd6"
	python  = "t13d1812h1_85036bcba153_d41ae481755e"
	java    = "t13d4911h1_c7886603b240_2b0d0d7d3fd2"
)

func agent(name, ja4 string, c Class) Agent { return Agent{name, ja4, http2, tls13, c} }

func old(name, ja4 string, c Class) Agent { return Agent{name, ja4, http11, tls12, c} }

// desktops and phones are what people use.
var (
	desktops = dice.NewTable(
		dice.Entry[Agent]{Weight: 34, Value: agent("Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/145.0.0.0 Safari/537.36", chrome, Browser)},
		dice.Entry[Agent]{Weight: 12, Value: agent("Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/144.0.0.0 Safari/537.36", chrome, Browser)},
		dice.Entry[Agent]{Weight: 11, Value: agent("Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/145.0.0.0 Safari/537.36 Edg/145.0.0.0", chrome, Browser)},
		dice.Entry[Agent]{Weight: 12, Value: agent("Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/145.0.0.0 Safari/537.36", chrome, Browser)},
		dice.Entry[Agent]{Weight: 13, Value: agent("Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/26.2 Safari/605.1.15", safari, Browser)},
		dice.Entry[Agent]{Weight: 9, Value: agent("Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:147.0) Gecko/20100101 Firefox/147.0", firefox, Browser)},
		dice.Entry[Agent]{Weight: 4, Value: agent("Mozilla/5.0 (X11; Linux x86_64; rv:147.0) Gecko/20100101 Firefox/147.0", firefox, Browser)},
		dice.Entry[Agent]{Weight: 2, Value: agent("Mozilla/5.0 (X11; Ubuntu; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0", firefox, Browser)},
		dice.Entry[Agent]{Weight: 2, Value: agent("Mozilla/5.0 (Windows NT 6.1; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/109.0.0.0 Safari/537.36", chrome, Browser)},
	)
	phones = dice.NewTable(
		dice.Entry[Agent]{Weight: 45, Value: agent("Mozilla/5.0 (iPhone; CPU iPhone OS 18_7 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/26.2 Mobile/15E148 Safari/604.1", safari, Browser)},
		dice.Entry[Agent]{Weight: 43, Value: agent("Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/145.0.0.0 Mobile Safari/537.36", chrome, Browser)},
		dice.Entry[Agent]{Weight: 7, Value: agent("Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) SamsungBrowser/29.0 Chrome/136.0.0.0 Mobile Safari/537.36", chrome, Browser)},
		dice.Entry[Agent]{Weight: 5, Value: agent("Mozilla/5.0 (Android 16; Mobile; rv:147.0) Gecko/147.0 Firefox/147.0", firefox, Browser)},
	)
	apps = dice.NewTable(
		dice.Entry[Agent]{Weight: 30, Value: agent("Kiosk/5.8.1 (iPhone17,3; iOS 26.3) CFNetwork/3860.400.51 Darwin/25.3.0", cfnet, App)},
		dice.Entry[Agent]{Weight: 16, Value: agent("Kiosk/5.8.1 (iPhone14,5; iOS 18.7.2) CFNetwork/1568.300.101 Darwin/24.6.0", cfnet, App)},
		dice.Entry[Agent]{Weight: 6, Value: agent("Kiosk/5.6.0 (iPhone12,1; iOS 18.7.2) CFNetwork/1568.300.101 Darwin/24.6.0", cfnet, App)},
		dice.Entry[Agent]{Weight: 28, Value: agent("Kiosk/5.8.1 (Android 16; Pixel 9) okhttp/5.3.2", okhttp, App)},
		dice.Entry[Agent]{Weight: 14, Value: agent("Kiosk/5.8.0 (Android 15; SM-S921B) okhttp/5.3.2", okhttp, App)},
		dice.Entry[Agent]{Weight: 6, Value: agent("Kiosk/5.2.4 (Android 12; M2101K6G) okhttp/4.12.0", okhttp, App)},
	)
	readers = dice.NewTable(
		dice.Entry[Agent]{Weight: 4, Value: old("Feedly/1.0 (+https://feedly.com/poller.html; like FeedFetcher-Google)", java, Tool)},
		dice.Entry[Agent]{Weight: 4, Value: old("Tiny Tiny RSS/25.01 (https://tt-rss.org/)", openssl, Tool)},
		dice.Entry[Agent]{Weight: 4, Value: agent("FreshRSS/1.27.1 (Linux; https://freshrss.org)", openssl, Tool)},
		dice.Entry[Agent]{Weight: 3, Value: old("feedparser/6.0.12 +https://github.com/kurtmckee/feedparser/", python, Tool)},
		dice.Entry[Agent]{Weight: 2, Value: agent("NetNewsWire (RSS Reader; https://netnewswire.com/)", cfnet, Tool)},
		dice.Entry[Agent]{Weight: 2, Value: agent("", golang, Tool)},
	)
	partners = dice.NewTable(
		dice.Entry[Agent]{Weight: 3, Value: old("Java/21.0.9", java, Tool)},
		dice.Entry[Agent]{Weight: 2, Value: old("Apache-HttpClient/5.5 (Java/17.0.17)", java, Tool)},
		dice.Entry[Agent]{Weight: 3, Value: old("python-requests/2.32.5", python, Tool)},
		dice.Entry[Agent]{Weight: 2, Value: agent("Go-http-client/2.0", golang, Tool)},
		dice.Entry[Agent]{Weight: 1, Value: agent("curl/8.17.0", openssl, Tool)},
		dice.Entry[Agent]{Weight: 1, Value: agent("GuzzleHttp/7", openssl, Tool)},
		dice.Entry[Agent]{Weight: 1, Value: old("", java, Tool)},
	)
)

// Desktop draws a browser on a desk.
func Desktop(d dice.Dice) Agent { return desktops.Draw(d) }

// Mobile draws a browser on a phone.
func Mobile(d dice.Dice) Agent { return phones.Draw(d) }

// OwnApp draws a release of the site's own app on some phone.
func OwnApp(d dice.Dice) Agent { return apps.Draw(d) }

// Partner draws the program of a partner.
func Partner(d dice.Dice) Agent { return partners.Draw(d) }

// Reader draws a program that reads news; some do not say what they are.
func Reader(d dice.Dice) Agent { return readers.Draw(d) }

// Probe is what watches the site from outside.
func Probe() Agent { return agent("uptime-probe/3.4 (+https://status.kiosk.example)", golang, Tool) }

// The programs of attackers. The last two hide what they are.
var (
	Script   = old("python-requests/2.32.5", python, Tool)
	Wordlist = Agent{"gobuster/3.8", golang, http11, tls13, Tool}
	Scanner  = old("sqlmap/1.9.11#stable (https://sqlmap.org)", python, Tool)
	Bulk     = agent("Go-http-client/2.0", golang, Tool)
	Headless = agent("Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) HeadlessChrome/145.0.0.0 Safari/537.36", chrome, Tool)
	// Masked names itself as a browser, and its TLS tells otherwise.
	Masked = agent("Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/145.0.0.0 Safari/537.36", golang, Tool)
	// Kit is a bot sold ready-made: many names, one fingerprint that nothing else has.
	Kit = agent("Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Safari/537.36", "t13d1411h2_5c2c66f702b0_06cdaec4b5b1", Tool)
)

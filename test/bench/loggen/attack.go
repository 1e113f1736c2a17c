package main

import (
	"net/netip"
	"strconv"
)

// attack is one attacker's campaign: from line first on, every step-th line is theirs, count times.
type attack struct {
	first, step, count int
	client             netip.Addr
	agent              string
	request            func(n int) request
}

// attacks spreads one campaign of each kind over the day.
func attacks(lines int) []attack {
	at := func(share float64) int { return int(share * float64(lines)) }
	from := func(last byte) netip.Addr { return netip.AddrFrom4([4]byte{192, 0, 2, last}) }
	browser := "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/122.0.0.0 Safari/537.36"
	return []attack{
		{at(0.10), 9, 3000, from(10), "Fuzz Faster U Fool v2.1.0-dev", scanPaths},
		{at(0.20), 23, 800, from(11), browser, guessPasswords},
		{at(0.30), 31, 600, from(12), "sqlmap/1.8.2#stable (https://sqlmap.org)", inject},
		{at(0.40), 17, 2000, from(13), "python-requests/2.31.0", walkOrders},
		{at(0.50), 2, 20_000, from(14), browser, flood},
		{at(0.60), 401, 60, from(15), browser, lookForSecrets},
		{at(0.70), 11, 2000, from(16), "Mozilla/5.00 (Nikto/2.5.0) (Evasions:None) (Test:000001)", scanPaths},
	}
}

// attack is the attacker's request that line i is, if it is one.
func (s *site) attack(i int) (request, bool) {
	for k := range s.attacks {
		a := &s.attacks[k]
		n := i - a.first
		if n < 0 || n%a.step != 0 || n/a.step >= a.count {
			continue
		}
		q := a.request(n / a.step)
		q.client, q.agent, q.referrer = a.client, a.agent, "-"
		return q, true
	}
	return request{}, false
}

func scanPaths(n int) request {
	return request{method: "GET", target: "/" + words[n%24] + "-" + strconv.Itoa(n/24) + ".php", status: 404, size: 1245}
}

func guessPasswords(int) request {
	return request{method: "POST", target: "/login", status: 401, size: 900}
}

func inject(n int) request {
	return request{
		method: "GET", status: 500, size: 190,
		target: "/products/10" + strconv.Itoa(n%100) + "?sort=1%27%20UNION%20SELECT%20" + strconv.Itoa(n) + ",password%20FROM%20users--%20-",
	}
}

func walkOrders(n int) request {
	return request{method: "GET", target: "/api/v1/orders/" + strconv.Itoa(100_000+n), status: 200, size: 700}
}

func flood(int) request {
	return request{method: "GET", target: "/search?q=a", status: 200, size: 9000}
}

func lookForSecrets(n int) request {
	lures := [...]string{
		"/.env", "/.git/config", "/wp-config.php.bak", "/backup.sql", "/.aws/credentials", "/id_rsa", "/server-status",
		"/actuator/heapdump", "/phpmyadmin/", "/.svn/entries",
	}
	return request{method: "GET", target: lures[n%len(lures)], status: 404, size: 1245}
}

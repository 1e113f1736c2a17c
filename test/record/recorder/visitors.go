package main

// visitors are the benign part of the cast.
func visitors() []Actor {
	var all []Actor
	for _, group := range [][]Actor{people(), staff(), machines(), crowds()} {
		all = append(all, group...)
	}
	return all
}

func person(agent string) Actor {
	return played("human", agent, "a person with think time who reads pages and searches")
}

func chromium(agent string) Actor {
	a := played("browser", agent, "headless Chromium opening pages with think time", "-count", "10")
	a.Name = "chromium"
	return a
}

func forgetful(agent string) Actor {
	return played("mistyper", agent, "mistypes the password two or three times (after three it asks for a new one), then logs in")
}

func people() []Actor {
	return []Actor{
		person(firefoxAgent).at("nginx", "192.0.2.21", 1, 560),
		person(safariAgent).at("nginx", "2001:db8:21::5", 60, 480),
		chromium(chromeAgent).at("nginx", "198.51.100.31", 20, 240),
		forgetful(chromeAgent).at("nginx", "198.51.100.41", 75, 150),
		person(chromeAgent).at("apache", "192.0.2.32", 4, 540),
		person(phoneAgent).at("apache", "2001:db8:32::7", 90, 420),
		chromium("").at("apache", "203.0.113.32", 110, 240).noted("with its own agent, which says HeadlessChrome"),
		forgetful(firefoxAgent).at("apache", "192.0.2.42", 130, 150),
		person(safariAgent).at("haproxy", "192.0.2.43", 2, 580),
		person(chromeAgent).at("haproxy", "2001:db8:43::a", 70, 400),
		forgetful(phoneAgent).at("haproxy", "203.0.113.43", 45, 160),
		person(firefoxAgent).at("caddy", "203.0.113.44", 6, 500),
		person(phoneAgent).at("caddy", "2001:db8:44::c", 120, 380),
		chromium(chromeAgent).at("caddy", "192.0.2.44", 200, 240),
		forgetful(safariAgent).at("caddy", "198.51.100.44", 160, 150),
		person(chromeAgent).at("front", "198.51.100.45", 3, 560),
		person(firefoxAgent).at("front", "2001:db8:45::e", 80, 450),
		chromium(phoneAgent).at("front", "203.0.113.45", 290, 240),
		forgetful(chromeAgent).at("front", "192.0.2.45", 200, 150),
	}
}

func staff() []Actor {
	editor := func() Actor {
		return played("editor", chromeAgent, "edits posts: several PUT and POST, a 404 for a deleted post, a 403 for the settings")
	}
	clerk := func() Actor {
		return played("clerk", firefoxAgent, "works through a queue of orders at the pace of a person, every one allowed")
	}
	return []Actor{
		editor().at("nginx", "192.0.2.91", 100, 280),
		clerk().at("nginx", "203.0.113.61", 10, 450),
		editor().at("apache", "203.0.113.92", 30, 300),
		clerk().at("haproxy", "198.51.100.93", 25, 450),
		editor().at("caddy", "198.51.100.94", 60, 260),
		editor().at("front", "203.0.113.95", 140, 280),
	}
}

func machines() []Actor {
	mobile := func(interval string) Actor {
		return played("app", appAgent, "a phone app that polls for orders with its token", "-interval", interval)
	}
	bot := func(removed string) Actor {
		return played(
			"crawler", botAgent, "a search engine: robots.txt, sitemap, then links at a polite pace",
			"-interval", "6s", "-count", removed,
		)
	}
	monitor := func(interval string) Actor {
		return played("probe", probeAgent, "a monitoring probe", "-interval", interval)
	}
	job := func() Actor {
		a := played("script", "", "a small job of a customer made of curl calls", "-interval", "8s")
		a.Name = "curl"
		return a
	}
	return []Actor{
		mobile("1500ms").at("nginx", "203.0.113.51", 5, 420),
		bot("10").at("nginx", "192.0.2.61", 30, 300).noted("comes back to ten removed pages"),
		monitor("6s").at("nginx", "203.0.113.81", 0, 600),
		mobile("1200ms").at("apache", "198.51.100.52", 8, 420),
		bot("0").at("apache", "203.0.113.62", 50, 260),
		monitor("5s").at("apache", "198.51.100.82", 0, 600),
		job().at("apache", "198.51.100.112", 40, 300),
		mobile("900ms").at("haproxy", "192.0.2.53", 12, 480),
		bot("10").at("haproxy", "198.51.100.63", 15, 300).noted("comes back to ten removed pages"),
		monitor("5s").at("haproxy", "192.0.2.83", 0, 600),
		job().at("haproxy", "203.0.113.113", 100, 300),
		mobile("2s").at("caddy", "192.0.2.54", 10, 400),
		bot("0").at("caddy", "192.0.2.64", 70, 260),
		monitor("10s").at("caddy", "203.0.113.84", 0, 600),
		job().at("caddy", "192.0.2.114", 150, 240),
		mobile("1200ms").at("front", "198.51.100.55", 14, 420),
		bot("0").at("front", "203.0.113.65", 35, 260),
		monitor("10s").at("front", "192.0.2.85", 0, 600),
	}
}

// crowds are addresses with more traffic than one person makes.
func crowds() []Actor {
	nat := func() Actor {
		return played("office", "", "five people and a script behind one address; they log in at about the same time")
	}
	load := func() Actor {
		return Actor{
			Name: "wrk-moderate", Kind: benign, Note: "a load test at three to four requests a second",
			Argv: []string{"wrk", "-t1", "-c2", "-d60s", "-s", "$WRK/moderate.lua", "http://$HOST"},
		}
	}
	return []Actor{
		nat().at("nginx", "198.51.100.71", 40, 300),
		load().at("nginx", "192.0.2.101", 200, 70),
		nat().at("apache", "192.0.2.72", 60, 300),
		load().at("apache", "203.0.113.102", 300, 70),
		nat().at("haproxy", "203.0.113.73", 20, 360),
		load().at("haproxy", "198.51.100.103", 240, 70),
		nat().at("front", "198.51.100.75", 90, 300),
	}
}

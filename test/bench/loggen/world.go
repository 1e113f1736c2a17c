package main

import (
	"fmt"
	"math/rand/v2"
	"net/netip"
	"strconv"
)

const origin = "https://shop.example"

var words = []string{
	"chair", "table", "lamp", "sofa", "desk", "shelf", "mirror", "carpet", "bed", "stool", "oak", "walnut", "linen", "steel",
	"glass", "garden", "kitchen", "office", "nursery", "hall", "vintage", "modern", "sale", "outdoor", "caf%C3%A9", "small",
	"round", "folding", "corner", "white", "black", "green", "l%C3%A4mp", "storage", "wall", "floor", "bench", "drawer",
}

var assets = []string{
	"/static/css/site.4f2a91c0.css", "/static/css/print.9c11d2.css", "/static/js/runtime.18ab3f.js",
	"/static/js/app.77c3e1d4.js", "/static/js/vendor.5be0a2c9.js", "/static/fonts/inter-400.woff2",
	"/static/fonts/inter-700.woff2", "/static/img/logo.svg", "/static/img/hero-1280.webp", "/static/img/hero-640.webp",
	"/favicon.ico", "/static/img/sprite.svg", "/static/img/payment.png", "/static/js/checkout.a01b44.js",
}

// broken are links that many pages have and that lead nowhere.
var broken = []string{
	"/static/img/old-logo.png", "/static/js/legacy.js.map", "/apple-touch-icon-precomposed.png", "/feed.xml",
	"/static/fonts/inter-500.woff", "/blog/2019/moving", "/static/css/ie.css", "/about-us.html",
}

// addresses are n different clients in random order: one in eight has IPv6, and so have those for whom 198.18.0.0/15 has
// no room.
func addresses(rnd *rand.Rand, n int) []netip.Addr {
	list := make([]netip.Addr, n)
	for i := range list {
		v4 := i - i/8
		if i%8 == 7 || v4 >= 1<<17 {
			list[i] = netip.AddrFrom16([16]byte{
				0x20, 0x01, 0x0d, 0xb8, byte(i >> 16), byte(i >> 8), byte(i), 0, 0x02, byte(i * 7), byte(i * 13), 0xff, 0xfe, 0, byte(i >> 3), 1,
			})
			continue
		}
		list[i] = netip.AddrFrom4([4]byte{198, 18 + byte(v4>>16), byte(v4 >> 8), byte(v4)})
	}
	rnd.Shuffle(n, func(i, j int) { list[i], list[j] = list[j], list[i] })
	return list
}

// userAgents are n different ones, the first the commonest.
func userAgents(rnd *rand.Rand, n int) []string {
	systems := []string{
		"Windows NT 10.0; Win64; x64", "Macintosh; Intel Mac OS X 10_15_7", "X11; Linux x86_64", "iPhone; CPU iPhone OS 18_3 like Mac OS X",
		"Linux; Android 14; SM-S921B", "Linux; Android 13; Pixel 7", "iPad; CPU OS 17_6 like Mac OS X",
	}
	seen := make(map[string]bool, n)
	list := make([]string, 0, n)
	for len(list) < n {
		sys := systems[rnd.IntN(len(systems))]
		major := 134 - rnd.IntN(1+min(len(list)/20, 60))
		build := fmt.Sprintf("%d.0.%d.%d", major, 6000+rnd.IntN(1+len(list)/4), rnd.IntN(200))
		var ua string
		switch k := rnd.IntN(100); {
		case k < 10:
			ua = fmt.Sprintf("Mozilla/5.0 (%s; rv:%d.0) Gecko/20100101 Firefox/%d.0", sys, major, major)
		case k < 20:
			ua = fmt.Sprintf("ShopApp/%d.%d.%d (%s)", 3+rnd.IntN(5), rnd.IntN(20), rnd.IntN(10), sys)
		case k < 21: // a quote in a user agent is rare, and nginx writes it as \x22
			ua = fmt.Sprintf(`Mozilla/5.0 (%s; \x22Model %d\x22) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/%s Mobile Safari/537.36`,
				sys, rnd.IntN(400), build)
		default:
			ua = fmt.Sprintf("Mozilla/5.0 (%s) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/%s Safari/537.36", sys, build)
		}
		if !seen[ua] {
			seen[ua] = true
			list = append(list, ua)
		}
	}
	return list
}

// pages are n different targets, the first the best liked.
func pages(rnd *rand.Rand, n int) []string {
	list := make([]string, n)
	for i := range list {
		word := words[rnd.IntN(len(words))]
		switch i % 8 {
		case 0:
			list[i] = "/guides/" + word + "-" + strconv.Itoa(i)
		case 1:
			list[i] = "/category/" + word + "?page=" + strconv.Itoa(1+i/8%40) + "&sort=price"
		default:
			list[i] = "/products/" + strconv.Itoa(10_000+i) + "/" + word
		}
	}
	return list
}

package crowd

import (
	"gatewatch/internal/app/simulate/dice"
	"gatewatch/internal/app/simulate/site"
)

// page is a page of the shop: what a browser asks for to show it, and where people go from there.
type page struct {
	doc   site.ID
	thing thing
	calls []call
	next  dice.Table[pageID]
	known bool // only for those who have logged in
}

// call is what a page brings with it.
type call struct {
	route  site.ID
	thing  thing
	times  int     // as often, at most
	chance float64 // each time
}

// thing is what the number in a path stands for.
type thing uint8

const (
	nothing  thing = iota
	product        // the one looked at
	products       // some
	category
	article
	ownOrder
	release // of the shop's scripts
	account
)

type pageID uint8

const (
	home pageID = iota
	search
	listing
	detail
	cart
	checkout
	thanks
	profile
	orders
	order
	help
	blog
	away // leaves
	pages
)

func to(weight float64, p pageID) dice.Entry[pageID] {
	return dice.Entry[pageID]{Weight: weight, Value: p}
}

// shop is all pages. Weights are of what people do next.
func shop() [pages]page {
	return [pages]page{
		home: {
			doc: site.Home, calls: []call{{site.Featured, nothing, 1, .95}, {site.Thumb, products, 12, .25}, {site.Cart, nothing, 1, .6}},
			next: dice.NewTable(to(30, search), to(34, listing), to(18, detail), to(5, profile), to(3, help), to(4, blog), to(6, away)),
		},
		search: {
			doc: site.Search, thing: products, calls: []call{{site.Suggest, products, 6, .55}, {site.Thumb, products, 16, .25}},
			next: dice.NewTable(to(24, search), to(52, detail), to(8, listing), to(2, home), to(14, away)),
		},
		listing: {
			doc: site.Category, thing: category, calls: []call{{site.Thumb, products, 18, .25}},
			next: dice.NewTable(to(20, listing), to(56, detail), to(8, search), to(4, home), to(12, away)),
		},
		detail: {
			doc: site.Product, thing: product,
			calls: []call{{site.Image, product, 1, .7}, {site.Thumb, products, 5, .4}, {site.Stock, product, 1, .98}, {site.Reviews, product, 2, .45}, {site.CartAdd, nothing, 1, .11}, {site.Events, nothing, 1, .5}, {site.Manual, product, 1, .06}},
			next:  dice.NewTable(to(34, detail), to(20, listing), to(15, search), to(11, cart), to(3, home), to(17, away)),
		},
		cart: {
			doc: site.CartPage, calls: []call{{site.Cart, nothing, 1, 1}, {site.Thumb, products, 3, .5}, {site.Stock, products, 2, .6}},
			next: dice.NewTable(to(36, checkout), to(26, detail), to(18, listing), to(20, away)),
		},
		checkout: {
			doc: site.CheckoutPage, known: true, calls: []call{{site.Addresses, nothing, 1, 1}, {site.Cart, nothing, 1, 1}, {site.Coupon, nothing, 1, .12}},
			next: dice.NewTable(to(68, thanks), to(14, cart), to(18, away)),
		},
		thanks: {
			doc: site.AccountPage, known: true, calls: []call{{site.Payment, nothing, 1, 1}, {site.OrderPlace, nothing, 1, .97}, {site.Events, nothing, 1, .6}},
			next: dice.NewTable(to(18, orders), to(12, home), to(70, away)),
		},
		profile: {
			doc: site.AccountPage, known: true, calls: []call{{site.Me, nothing, 1, 1}, {site.Addresses, nothing, 1, .5}, {site.MeUpdate, nothing, 1, .06}, {site.Document, account, 1, .05}},
			next: dice.NewTable(to(48, orders), to(12, home), to(12, listing), to(28, away)),
		},
		orders: {
			doc: site.OrdersPage, known: true, calls: []call{{site.Orders, nothing, 1, 1}, {site.Thumb, products, 4, .4}},
			next: dice.NewTable(to(58, order), to(8, profile), to(8, listing), to(26, away)),
		},
		order: {
			doc: site.OrderPage, thing: ownOrder, known: true, calls: []call{{site.Order, ownOrder, 1, 1}, {site.Invoice, ownOrder, 1, .16}},
			next: dice.NewTable(to(24, orders), to(14, order), to(10, detail), to(52, away)),
		},
		help: {doc: site.HelpPage, thing: article, calls: []call{{site.Manual, products, 1, .35}}, next: dice.NewTable(to(34, help), to(16, home), to(50, away))},
		blog: {doc: site.BlogPage, thing: article, calls: []call{{site.Image, products, 3, .6}, {site.Manual, article, 1, .2}}, next: dice.NewTable(to(28, blog), to(24, detail), to(48, away))},
	}
}

// entries are the pages where visits begin: many people come from a search engine.
var entries = dice.NewTable(to(42, home), to(31, detail), to(12, listing), to(6, search), to(5, orders), to(4, blog))

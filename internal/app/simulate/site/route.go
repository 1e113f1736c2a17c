// Package site is the imaginary shop whose logs are simulated: its services and routes, how large and how slow its answers
// are, and what goes wrong with it. Who asks is not its concern.
package site

import "strings"

// Route is one thing that can be asked for.
type Route struct {
	Method, Host, Service string
	// Path has at most one of %d (a number), %u (a UUID), %s (a product's name with its number), %h (a file's content hash).
	Path string
	// Query has at most two of %d (a number), %q (words), %e (an address of electronic mail).
	Query  string
	Status int
	Size   Spread // response body, bytes
	In     int64  // request body, bytes
	Time   Spread // milliseconds
	Missed float64
	// Partial is the part of the requests that ask for a part of the body: downloads that go on where they broke off.
	Partial float64
	Fixed   bool // what is behind one id has always the same size
	Cached  bool // browsers keep it and ask whether it has changed

	head, tail string
	slot       byte
}

// Spread is a log-normal distribution.
type Spread struct{ Median, Sigma float64 }

// ID names a route.
type ID uint8

// The routes.
const (
	Home ID = iota
	Search
	Category
	Product
	CartPage
	CheckoutPage
	AccountPage
	OrdersPage
	OrderPage
	LoginPage
	HelpPage
	BlogPage
	Robots
	Sitemap
	Favicon
	TouchIcon // phones ask for it, and no site has it
	Moved     // a page of the shop before this one, which leads on to the product
	News      // what feed readers ask for
	Manual    // a large file that people download
	Script
	Style
	Font
	Logo
	Image
	Thumb
	Suggest
	Featured
	Stock
	Reviews
	Cart
	CartAdd
	Me
	MeUpdate
	Orders
	Order
	OrderPlace
	Invoice
	Document
	Addresses
	Sync
	Push
	Events
	GraphQL
	Login
	Token
	Logout
	SignUp
	UserExists
	Reset
	ResetConfirm
	OTP
	Coupon
	Payment
	Feed
	Export
	PartnerOrder
	PartnerStock
	Health
	OldOrders
	OldUser
	Debug
	Metrics
	AdminUsers
	WholeExport
	routes
)

// The hosts.
const (
	web     = "www.kiosk.example"
	static  = "static.kiosk.example"
	api     = "api.kiosk.example"
	auth    = "auth.kiosk.example"
	graph   = "graph.kiosk.example"
	partner = "partners.kiosk.example"
)

// Web is the host that browsers visit, API the one that programs use most, Auth the one that knows who is who.
const (
	Web  = web
	API  = api
	Auth = auth
)

var table = [routes]Route{
	Home:         {Method: "GET", Host: web, Service: "web", Path: "/", Size: Spread{14200, .08}, Time: Spread{38, .45}},
	Search:       {Method: "GET", Host: web, Service: "web", Path: "/search", Query: "q=%q&page=%d", Size: Spread{21000, .5}, Time: Spread{120, .7}},
	Category:     {Method: "GET", Host: web, Service: "web", Path: "/category/%d", Size: Spread{18600, .3}, Time: Spread{55, .5}, Fixed: true},
	Product:      {Method: "GET", Host: web, Service: "web", Path: "/product/%s", Size: Spread{16400, .35}, Time: Spread{47, .5}, Missed: .012, Fixed: true},
	CartPage:     {Method: "GET", Host: web, Service: "web", Path: "/cart", Size: Spread{9200, .3}, Time: Spread{42, .5}},
	CheckoutPage: {Method: "GET", Host: web, Service: "web", Path: "/checkout", Size: Spread{11800, .15}, Time: Spread{60, .5}},
	AccountPage:  {Method: "GET", Host: web, Service: "web", Path: "/account", Size: Spread{8700, .2}, Time: Spread{52, .5}},
	OrdersPage:   {Method: "GET", Host: web, Service: "web", Path: "/account/orders", Size: Spread{9900, .4}, Time: Spread{64, .5}},
	OrderPage:    {Method: "GET", Host: web, Service: "web", Path: "/account/orders/%d", Size: Spread{8100, .3}, Time: Spread{58, .5}, Fixed: true},
	LoginPage:    {Method: "GET", Host: web, Service: "web", Path: "/account/welcome", Size: Spread{5200, .05}, Time: Spread{18, .4}},
	HelpPage:     {Method: "GET", Host: web, Service: "web", Path: "/help/%d", Size: Spread{7400, .4}, Time: Spread{16, .4}, Fixed: true},
	BlogPage:     {Method: "GET", Host: web, Service: "web", Path: "/blog/%d", Size: Spread{19500, .5}, Time: Spread{21, .4}, Missed: .03, Fixed: true},
	Robots:       {Method: "GET", Host: web, Service: "web", Path: "/robots.txt", Size: Spread{412, 0}, Time: Spread{2, .4}, Fixed: true},
	Sitemap:      {Method: "GET", Host: web, Service: "web", Path: "/sitemap-%d.xml", Size: Spread{184000, .2}, Time: Spread{45, .4}, Fixed: true},
	Favicon:      {Method: "GET", Host: web, Service: "web", Path: "/favicon.ico", Size: Spread{4286, 0}, Time: Spread{2, .4}, Fixed: true, Cached: true},

	TouchIcon: {Method: "GET", Host: web, Service: "web", Path: "/apple-touch-icon-precomposed.png", Status: notFound, Size: Spread{548, 0}, Time: Spread{2, .4}, Fixed: true},
	Moved:     {Method: "GET", Host: web, Service: "web", Path: "/shop/item-%d", Status: 301, Size: Spread{169, 0}, Time: Spread{3, .4}, Fixed: true},
	News:      {Method: "GET", Host: web, Service: "web", Path: "/blog/feed.xml", Size: Spread{23600, .05}, Time: Spread{9, .5}},
	Manual:    {Method: "GET", Host: static, Service: "static", Path: "/media/manual-%d.pdf", Size: Spread{1300000, 1.3}, Time: Spread{340, 1.1}, Fixed: true, Cached: true, Partial: .3},

	Script: {Method: "GET", Host: static, Service: "static", Path: "/assets/app-%h.js", Size: Spread{142000, .6}, Time: Spread{6, .8}, Fixed: true, Cached: true},
	Style:  {Method: "GET", Host: static, Service: "static", Path: "/assets/main-%h.css", Size: Spread{31000, .3}, Time: Spread{4, .7}, Fixed: true, Cached: true},
	Font:   {Method: "GET", Host: static, Service: "static", Path: "/fonts/inter-%d.woff2", Size: Spread{48000, .1}, Time: Spread{4, .7}, Fixed: true, Cached: true},
	Logo:   {Method: "GET", Host: static, Service: "static", Path: "/img/logo.svg", Size: Spread{3120, 0}, Time: Spread{2, .6}, Fixed: true, Cached: true},
	Image:  {Method: "GET", Host: static, Service: "static", Path: "/img/product/%d.webp", Size: Spread{84000, .7}, Time: Spread{9, .9}, Missed: .008, Fixed: true, Cached: true},
	Thumb:  {Method: "GET", Host: static, Service: "static", Path: "/img/thumb/%d.webp", Size: Spread{9800, .5}, Time: Spread{4, .9}, Missed: .006, Fixed: true, Cached: true},

	Suggest:  {Method: "GET", Host: api, Service: "catalog", Path: "/v1/suggest", Query: "q=%q", Size: Spread{640, .5}, Time: Spread{14, .5}},
	Featured: {Method: "GET", Host: api, Service: "catalog", Path: "/v1/featured", Size: Spread{5400, .1}, Time: Spread{12, .5}},
	Stock:    {Method: "GET", Host: api, Service: "catalog", Path: "/v1/products/%d/stock", Size: Spread{118, .1}, Time: Spread{9, .5}, Missed: .003},
	Reviews:  {Method: "GET", Host: api, Service: "catalog", Path: "/v1/products/%d/reviews", Query: "page=%d", Size: Spread{6100, .9}, Time: Spread{26, .6}, Fixed: true},
	Cart:     {Method: "GET", Host: api, Service: "orders", Path: "/v1/cart", Size: Spread{730, .8}, Time: Spread{16, .5}},
	CartAdd:  {Method: "POST", Host: api, Service: "orders", Path: "/v1/cart/items", Status: 201, Size: Spread{380, .3}, In: 96, Time: Spread{31, .5}, Missed: .01},
	Me:       {Method: "GET", Host: api, Service: "account", Path: "/v1/me", Size: Spread{910, .15}, Time: Spread{13, .5}},
	MeUpdate: {Method: "PATCH", Host: api, Service: "account", Path: "/v1/me", Size: Spread{930, .15}, In: 240, Time: Spread{38, .5}},
	Orders:   {Method: "GET", Host: api, Service: "orders", Path: "/v1/orders", Query: "page=%d", Size: Spread{4300, .7}, Time: Spread{44, .6}},
	Order:    {Method: "GET", Host: api, Service: "orders", Path: "/v1/orders/%d", Size: Spread{2100, .5}, Time: Spread{22, .5}, Fixed: true},
	OrderPlace: {
		Method: "POST", Host: api, Service: "orders", Path: "/v1/orders", Status: 201, Size: Spread{1900, .4}, In: 820, Time: Spread{240, .5}, Missed: .006,
	},
	Invoice:   {Method: "GET", Host: api, Service: "orders", Path: "/v1/orders/%d/invoice", Size: Spread{61000, .3}, Time: Spread{140, .6}, Fixed: true},
	Document:  {Method: "GET", Host: api, Service: "account", Path: "/v1/documents/%u", Size: Spread{210000, 1}, Time: Spread{90, .7}, Fixed: true},
	Addresses: {Method: "GET", Host: api, Service: "account", Path: "/v1/addresses", Size: Spread{640, .4}, Time: Spread{12, .5}},
	Sync:      {Method: "GET", Host: api, Service: "account", Path: "/v1/sync", Query: "since=%d", Size: Spread{420, 1.1}, Time: Spread{19, .6}},
	Push:      {Method: "PUT", Host: api, Service: "account", Path: "/v1/devices/%u", Status: 204, In: 310, Time: Spread{15, .5}},
	Events:    {Method: "POST", Host: api, Service: "events", Path: "/v1/events", Status: 202, Size: Spread{2, 0}, In: 1400, Time: Spread{5, .5}},
	GraphQL:   {Method: "POST", Host: graph, Service: "graph", Path: "/graphql", Size: Spread{3800, 1}, In: 900, Time: Spread{48, .8}},

	Login:        {Method: "POST", Host: auth, Service: "auth", Path: "/login", Size: Spread{890, .05}, In: 110, Time: Spread{210, .15}},
	Token:        {Method: "POST", Host: auth, Service: "auth", Path: "/oauth/token", Size: Spread{1340, .03}, In: 420, Time: Spread{28, .4}},
	Logout:       {Method: "POST", Host: auth, Service: "auth", Path: "/logout", Status: 204, Time: Spread{9, .4}},
	SignUp:       {Method: "POST", Host: auth, Service: "auth", Path: "/signup", Status: 201, Size: Spread{960, .05}, In: 260, Time: Spread{280, .2}},
	UserExists:   {Method: "GET", Host: auth, Service: "auth", Path: "/signup/available", Query: "email=%e", Size: Spread{24, .02}, Time: Spread{11, .4}},
	Reset:        {Method: "POST", Host: auth, Service: "auth", Path: "/password/reset", Status: 202, Size: Spread{41, 0}, In: 64, Time: Spread{55, .4}},
	ResetConfirm: {Method: "POST", Host: auth, Service: "auth", Path: "/password/confirm", Size: Spread{860, .05}, In: 190, Time: Spread{230, .2}},
	OTP:          {Method: "POST", Host: auth, Service: "auth", Path: "/otp/verify", Size: Spread{870, .05}, In: 48, Time: Spread{24, .4}},

	Coupon:  {Method: "POST", Host: api, Service: "orders", Path: "/v1/coupons/redeem", Size: Spread{210, .1}, In: 52, Time: Spread{19, .4}},
	Payment: {Method: "POST", Host: api, Service: "payments", Path: "/v1/payments", Status: 201, Size: Spread{540, .1}, In: 640, Time: Spread{620, .4}},

	Feed:         {Method: "GET", Host: partner, Service: "partners", Path: "/v2/products", Query: "page=%d&per_page=200", Size: Spread{168000, .15}, Time: Spread{190, .4}},
	Export:       {Method: "GET", Host: partner, Service: "partners", Path: "/v2/orders", Query: "page=%d&per_page=100", Size: Spread{74000, .25}, Time: Spread{160, .4}},
	PartnerOrder: {Method: "GET", Host: partner, Service: "partners", Path: "/v2/orders/%d", Size: Spread{2300, .4}, Time: Spread{25, .4}, Fixed: true},
	PartnerStock: {Method: "PUT", Host: partner, Service: "partners", Path: "/v2/products/%d/stock", Status: 204, In: 88, Time: Spread{21, .4}, Missed: .002},

	Health:      {Method: "GET", Host: api, Service: "gateway", Path: "/health", Size: Spread{15, 0}, Time: Spread{1, .4}, Fixed: true},
	OldOrders:   {Method: "GET", Host: api, Service: "orders", Path: "/v0/orders/%d", Size: Spread{3100, .5}, Time: Spread{35, .5}, Fixed: true},
	OldUser:     {Method: "GET", Host: api, Service: "account", Path: "/v0/users/%d", Size: Spread{1500, .3}, Time: Spread{30, .5}, Fixed: true},
	Debug:       {Method: "GET", Host: api, Service: "gateway", Path: "/internal/debug/config", Size: Spread{7300, .1}, Time: Spread{6, .4}},
	Metrics:     {Method: "GET", Host: api, Service: "gateway", Path: "/internal/metrics", Size: Spread{41000, .05}, Time: Spread{12, .4}},
	AdminUsers:  {Method: "GET", Host: api, Service: "account", Path: "/internal/users", Query: "page=%d", Size: Spread{52000, .1}, Time: Spread{85, .4}},
	WholeExport: {Method: "GET", Host: partner, Service: "partners", Path: "/v2/orders", Query: "page=%d&per_page=5000", Size: Spread{3600000, .2}, Time: Spread{4100, .3}},
}

// compile splits the paths at their placeholders.
func compile() [routes]Route {
	out := table
	for i := range out {
		r := &out[i]
		r.head = r.Path
		if at := strings.IndexByte(r.Path, '%'); at >= 0 {
			r.head, r.slot, r.tail = r.Path[:at], r.Path[at+1], r.Path[at+2:]
		}
		if r.Status == 0 {
			r.Status = 200
		}
	}
	return out
}

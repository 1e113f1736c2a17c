package signature

import "testing"

func lures(t testing.TB) *Lures {
	t.Helper()
	l, err := NewLures()
	if err != nil {
		t.Fatal(err)
	}
	return l
}

var lureTests = []struct {
	path string
	want LureCategory
}{
	{"/.env", LureSecret},
	{"/app/.env", LureSecret},
	{"/APP/.ENV", LureSecret},
	{"/%2eenv", LureSecret},
	{"/.env.production", LureSecret},
	{"/.aws/credentials", LureSecret},
	{"/home/.ssh/id_rsa", LureSecret},
	{"/.git/config", LureVCS},
	{"/.git/HEAD", LureVCS},
	{"/site/.svn/entries", LureVCS},
	{"/backup.sql", LureBackup},
	{"/backup.zip", LureBackup},
	{"/www.tar.gz", LureBackup},
	{"/index.php.bak", LureBackup},
	{"/index.php~", LureBackup},
	{"/config.php.swp", LureBackup},
	{"/wp-config.php.bak", LureConfig},
	{"/wp-config.php", LureConfig},
	{"/web.config", LureConfig},
	{"/docker-compose.yml", LureConfig},
	{"/.DS_Store", LureConfig},
	{"/.unknown-dotfile", LureConfig},
	{"/phpMyAdmin-5.1/index.php", LureConsole},
	{"/phpmyadmin/", LureConsole},
	{"/adminer.php", LureConsole},
	{"/solr/admin/cores", LureConsole},
	{"/server-status", LureDebug},
	{"/actuator/env", LureDebug},
	{"/api/actuator/heapdump", LureDebug},
	{"/phpinfo.php", LureDebug},
	{"/debug/pprof/", LureDebug},
	{"/_ignition/execute-solution", LureDebug},
	{"/telescope/requests", LureDebug},
	{"/c99.php", LureWebshell},
	{"/uploads/s72_Shell.php", LureWebshell},
	{"/cgi-bin/test.sh", LureExploit},
	{"/vendor/phpunit/phpunit/src/Util/PHP/eval-stdin.php", LureExploit},
	{"/boaform/admin/formLogin", LureExploit},
	{"/swagger.json", LureInfo},

	{"", LureNone},
	{"/", LureNone},
	{"/.well-known/security.txt", LureNone},
	{"/.well-known/acme-challenge/xyz", LureNone},
	{"/index.php", LureNone},
	{"/environment", LureNone},
	{"/images/backup-tips.jpg", LureNone},
	{"/downloads/manual.zip", LureNone},
	{"/git/config", LureNone},
	{"/blog/shell-scripting", LureNone},
	{"/../x", LureNone},
	{"/./x", LureNone},
	{"/graphql", LureNone},
	{"/admin", LureNone},
	{"/wp-admin/post.php", LureNone},
	{"/api/v1/users/42", LureNone},
	{"/static/app.3f2a9c1b.js", LureNone},
}

func TestMatch(t *testing.T) {
	l := lures(t)
	for _, tt := range lureTests {
		got, ok := l.Match(tt.path)
		if got.Category != tt.want || ok != (tt.want != LureNone) {
			t.Errorf("Match(%q) = %+v, %v; want %v", tt.path, got, ok, tt.want)
		}
	}
}

func TestMatchDoesNotAllocate(t *testing.T) {
	l := lures(t)
	if n := testing.AllocsPerRun(100, func() {
		l.Match("/api/v1/orders/12345/items")
		l.Match("/a%2fb/.env")
	}); n != 0 {
		t.Errorf("%v allocations", n)
	}
}

func FuzzMatch(f *testing.F) {
	f.Add("/a/.env;x/%2e%2e/backup.tar.gz~")
	l := lures(f)
	f.Fuzz(func(t *testing.T, path string) {
		if got, ok := l.Match(path); ok != (got.Weight > 0) {
			t.Errorf("Match(%q) = %+v, %v", path, got, ok)
		}
	})
}

func BenchmarkMatch(b *testing.B) {
	l := lures(b)
	for _, path := range []string{"/", "/api/v1/orders/12345/items", "/static/css/app.min.css", "/app/.env"} {
		b.Run(path, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				l.Match(path)
			}
		})
	}
}

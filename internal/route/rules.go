package route

// DefaultRules are the paths that say by their name what they are for, in the words of common frameworks and products and
// of a few languages. A site with other names adds rules of its own.
func DefaultRules() []Rule {
	groups := []struct {
		purpose  Purpose
		patterns []string
	}{
		{Login, loginPatterns},
		{Login | CMS, []string{
			"/**/wp-login.php", "/**/xmlrpc.php", "/**/administrator/index.php", "/typo3/login", "/ghost/api/*/admin/session",
		}},
		{Login | Token, tokenLoginPatterns},
		{Login | OTP, codePatterns},
		{Login | PasswordReset, oldPasswordPatterns},
		{Registry, registryPatterns},
		{Token, tokenPatterns},
		{Logout, []string{
			"/**/logout", "/**/logout.*", "/**/log-out", "/**/log_out", "/**/signout", "/**/sign-out", "/**/sign_out", "/**/logoff",
			"/**/log-off", "/**/abmelden", "/**/deconnexion", "/**/cerrar-sesion", "/**/uitloggen", "/**/j_spring_security_logout",
			"/**/end_session", "/**/endsession", "/**/protocol/openid-connect/logout", "/**/oauth*/revoke",
		}},
		{PasswordReset, resetPatterns},
		{SignUp, signUpPatterns},
		{OTP, []string{
			"/**/otp", "/**/otp/*", "/**/totp", "/**/totp/*", "/**/mfa", "/**/mfa/**", "/**/2fa", "/**/2fa/**", "/**/two-factor", "/**/two_factor",
			"/**/two-factor/**", "/**/two_factor_authentication", "/**/verify-otp", "/**/verify_otp", "/**/verify-code", "/**/verify_code",
			"/**/verification-code", "/**/challenge/otp", "/**/sms-code", "/**/one-time-password", "/**/passcode", "/**/check-otp",
			"/**/validate-otp", "/**/two-step", "/**/second-factor", "/**/verifyotp", "/**/login/verify", "/**/login/2fa",
		}},
		{Search, []string{
			"/**/search", "/**/search.*", "/**/search/**", "/**/find", "/**/suggest", "/**/autocomplete", "/**/typeahead", "/**/suche",
			"/**/recherche", "/**/buscar", "/**/busqueda", "/**/cerca", "/**/zoeken", "/**/_search", "/**/catalogsearch/**", "/**/lookup",
		}},
		{Admin, adminPatterns},
		{Health, []string{
			"/**/health", "/**/health/**", "/**/healthz", "/**/healthz/**", "/**/livez", "/**/livez/**", "/**/readyz", "/**/readyz/**",
			"/**/healthcheck", "/**/health-check", "/**/health_check", "/**/health.*", "/**/heartbeat", "/**/__heartbeat__", "/**/__lbheartbeat__",
			"/**/liveness", "/**/readiness", "/**/ping", "/**/-/ready", "/**/-/healthy", "/metrics", "/**/actuator/health", "/**/actuator/health/**",
			"/**/actuator/prometheus", "/nginx_status", "/stub_status", "/up", "/**/alive", "/**/keepalive", "/status", "/_status", "/api/status",
		}},
		{Static, staticPatterns},
		{API, []string{
			"/api", "/api/**", "/*/api/**", "/apis/**", "/rest/**", "/*/rest/**", "/v1/**", "/v2/**", "/v3/**", "/v4/**", "/graphql", "/**/graphql",
			"/rpc/**", "/jsonrpc", "/json-rpc", "/wp-json/**", "/*/wp-json/**", "/odata/**", "/soap/**", "/ws/**", "/services/**", "/gql",
			"/**/xmlrpc.php", "/_api/**", "/ajax/**", "/grpc/**",
		}},
		{WellKnown, []string{
			"/.well-known/**", "/robots.txt", "/sitemap*", "/**/sitemap.xml", "/humans.txt", "/security.txt", "/ads.txt", "/app-ads.txt",
			"/favicon.ico", "/apple-touch-icon*", "/browserconfig.xml", "/crossdomain.xml", "/llms.txt", "/apple-app-site-association",
			"/manifest.json", "/site.webmanifest", "/manifest.webmanifest", "/**/desktop.ini", "/**/thumbs.db", "/**/autorun.inf", "/**/folder.gif",
		}},
		{CMS, cmsPatterns},
	}
	var rules []Rule
	for _, g := range groups {
		for _, p := range g.patterns {
			rules = append(rules, Rule{Pattern: p, Purpose: g.purpose})
		}
	}
	return rules
}

var loginPatterns = []string{
	"/**/login", "/**/login.*", "/**/log-in", "/**/log_in", "/**/logon", "/**/logon.*", "/**/signin", "/**/signin.*", "/**/sign-in", "/**/sign_in",
	"/**/authenticate", "/**/authentication", "/**/dologin", "/**/do-login", "/**/do_login", "/**/login/*", "/**/signin/*",
	"/**/j_security_check", "/**/j_spring_security_check", "/**/j_acegi_security_check", "/**/loginaction", "/**/login-action",
	"/**/auth/login/**", "/**/auth/callback/credentials", "/**/auth/local", "/**/auth/signin/**", "/**/identifier", "/**/passwordlogin",
	"/**/login-actions/authenticate", "/**/customer/account/loginpost", "/**/account/loginpost", "/**/admin/auth/login",
	"/**/session", "/**/sessions", "/**/users/sign_in", "/**/user_sessions", "/**/check_login", "/**/login_check", "/**/login-check", "/**/checklogin*",
	"/**/user/login", "/**/userlogin", "/**/user_login", "/**/user-login", "/**/userlogin.*", "/**/my-account", "/**/memberlogin", "/**/loginuser", "/**/validate_login",
	"/**/anmelden", "/**/anmeldung", "/**/einloggen", "/**/connexion", "/**/identification", "/**/iniciar-sesion", "/**/acceder",
	"/**/entrar", "/**/accedi", "/**/accesso", "/**/inloggen", "/**/logga-in", "/**/zaloguj", "/**/logowanie", "/**/giris", "/**/prihlaseni",
	"/owa/auth.owa", "/owa/auth/logon.aspx", "/remote/logincheck", "/dana-na/auth/**", "/global-protect/login.esp", "/+cscoe+/logon.html",
	"/vpn/index.html", "/nf/auth/dologin.do", "/manager/html", "/host-manager/html", "/api/login", "/cgi-bin/login.cgi", "/index.php/login",
	"/phpmyadmin/index.php", "/**/auth/password", "/**/authn", "/**/webauthn/login/**", "/**/passwordless/start",
}

var tokenLoginPatterns = []string{
	"/**/oauth/token", "/**/oauth2/token", "/**/oauth2/*/token", "/**/oauth/access_token", "/**/connect/token", "/**/auth/token", "/**/auth/tokens",
	"/**/protocol/openid-connect/token", "/**/token-auth", "/**/api-token-auth", "/**/jwt/create", "/**/jwt-auth/*/token", "/**/obtain-token",
	"/**/auth/jwt", "/**/token", "/**/tokens", "/**/access-token", "/**/gettoken", "/**/get-token",
}

var tokenPatterns = []string{
	"/**/token/refresh", "/**/refresh-token", "/**/refresh_token", "/**/auth/refresh", "/**/jwt/refresh", "/**/token/verify", "/**/oauth*/introspect",
	"/**/oauth*/authorize", "/**/protocol/openid-connect/certs", "/**/jwks", "/**/jwks.json",
}

var resetPatterns = []string{
	"/**/forgot", "/**/forgot.*", "/**/forgot-password", "/**/forgot_password", "/**/forgotpassword", "/**/forgot-password/**", "/**/reset-password",
	"/**/reset_password", "/**/resetpassword", "/**/reset-password/**", "/**/password-reset", "/**/password_reset", "/**/password_resets",
	"/**/password-reset/**", "/**/password/reset", "/**/password/reset/**", "/**/password/forgot", "/**/password/email", "/**/password/new",
	"/**/password/edit", "/**/users/password", "/**/lost-password", "/**/lostpassword", "/**/lost_password", "/**/recover", "/**/recover-password",
	"/**/account-recovery", "/**/recover/**", "/**/passwort-vergessen", "/**/mot-de-passe-oublie", "/**/recuperar-contrasena", "/**/password/request",
	"/**/request-password-reset", "/**/reset/password", "/**/wachtwoord-vergeten", "/**/accounts/password_reset/**",
}

// codePatterns take a one-time code: it is guessed as a password is.
var codePatterns = []string{
	"/**/otp/verify", "/**/totp/verify", "/**/mfa/verify", "/**/2fa/verify", "/**/verify-otp", "/**/verify_otp", "/**/verifyotp", "/**/check-otp",
	"/**/validate-otp", "/**/verify-code", "/**/verify_code", "/**/login/2fa", "/**/login/verify", "/**/two-factor-challenge",
}

// oldPasswordPatterns take the old password for a new one.
var oldPasswordPatterns = []string{
	"/**/account/password", "/**/change-password", "/**/change_password", "/**/changepassword", "/**/password/change", "/**/password/update",
	"/**/password_change", "/**/settings/password", "/**/profile/password", "/**/me/password", "/**/user/password",
}

var cmsPatterns = []string{
	"/**/wp-admin/**", "/**/wp-content/**", "/**/wp-includes/**", "/**/wp-cron.php", "/**/wp-json/**", "/**/administrator/**", "/typo3/**",
	"/**/sites/default/**", "/**/umbraco/**", "/**/sitecore/**", "/ghost/**", "/**/wp-comments-post.php", "/**/wp-trackback.php",
}

var registryPatterns = []string{
	"/**/maven/**", "/**/maven2/**", "/**/artifactory/**", "/**/nexus/repository/**", "/**/npm/**", "/**/pypi/**", "/**/simple/*", "/**/nuget/**",
	"/**/rubygems/**", "/**/crates/**", "/**/goproxy/**", "/**/dists/**", "/**/repodata/**", "/**/blobs/*", "/**/manifests/*", "/**/info/refs",
	"/**/info/lfs/**", "/**/git-upload-pack", "/**/git-receive-pack",
}

var signUpPatterns = []string{
	"/**/signup", "/**/signup.*", "/**/sign-up", "/**/sign_up", "/**/signup/*", "/**/register", "/**/register.*", "/**/register/*", "/**/registration",
	"/**/registrations", "/**/create-account", "/**/create_account", "/**/createaccount", "/**/account/create", "/**/accounts/create",
	"/**/customer/account/createpost", "/**/users/create", "/**/user/register", "/**/join", "/**/registrieren", "/**/registrierung",
	"/**/inscription", "/**/s-inscrire", "/**/registro", "/**/registrarse", "/**/registrati", "/**/aanmelden", "/**/new-account",
	"/**/wp-signup.php", "/**/accounts/signup/**", "/**/enroll", "/**/auth/register/**",
}

var adminPatterns = []string{
	"/admin", "/admin/**", "/*/admin", "/*/admin/**", "/**/admin.php", "/admin.*", "/administrator", "/administrator/**", "/administration/**",
	"/**/wp-admin/**", "/backend", "/backend/**", "/backoffice", "/backoffice/**", "/back-office/**", "/adm", "/adm/**", "/cpanel", "/cpanel/**", "/webadmin/**",
	"/sysadmin/**", "/superadmin/**", "/management/**", "/manage", "/manage/**", "/manager", "/manager/**", "/controlpanel/**", "/control-panel/**",
	"/api/*/admin/**", "/api/admin/**", "/rest/admin/**", "/**/phpmyadmin/**", "/**/pma/**", "/**/adminer*", "/django-admin/**", "/siteadmin/**",
	"/moderator/**", "/actuator/**", "/system/console/**", "/jmx-console/**", "/web-console/**", "/internal/admin/**", "/staff/**", "/verwaltung/**",
	"/administracion/**", "/beheer/**", "/nova/**", "/filament/**", "/rails/admin/**", "/umbraco/**", "/ghost/**", "/typo3/**",
}

var staticPatterns = []string{
	"/static/**", "/assets/**", "/asset/**", "/public/**", "/css/**", "/js/**", "/img/**", "/images/**", "/image/**", "/fonts/**", "/media/**",
	"/dist/**", "/build/**", "/bundles/**", "/_next/static/**", "/_nuxt/**", "/**/node_modules/**", "/**/wp-includes/**", "/**/wp-content/**",
	"/favicon.ico", "/webjars/**", "/vendor/js/**", "/vendor/css/**", "/themes/**", "/skins/**", "/resources/css/**", "/resources/js/**",
}

// staticExts are the file extensions of assets.
var staticExts = []string{
	".css", ".js", ".mjs", ".map", ".png", ".jpg", ".jpeg", ".gif", ".svg", ".ico", ".webp", ".avif", ".bmp", ".tiff", ".woff", ".woff2",
	".ttf", ".otf", ".eot", ".mp4", ".webm", ".mp3", ".ogg", ".m4a", ".wav", ".wasm", ".jxl", ".cur", ".scss", ".less", ".m3u8", ".ts",
}

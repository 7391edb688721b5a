package console

import (
	"net"
	"net/http"
)

// policy is the page's Content-Security-Policy: only its own files, and nothing inline.
const policy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; " +
	"base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

// guard only responds to the console's own page. It refuses requests under another host name that resolves to this
// machine (DNS rebinding), and requests from other sites' pages (cross-site request forgery).
func guard(bound net.Addr, next http.Handler) http.Handler {
	names := map[string]bool{bound.String(): true}
	if _, port, err := net.SplitHostPort(bound.String()); err == nil {
		for _, host := range []string{"localhost", "127.0.0.1", "::1"} {
			names[net.JoinHostPort(host, port)] = true
		}
	}
	same := http.NewCrossOriginProtection().Handler(next)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		header := w.Header()
		header.Set("Content-Security-Policy", policy)
		header.Set("X-Content-Type-Options", "nosniff")
		header.Set("Referrer-Policy", "no-referrer")
		header.Set("Cross-Origin-Resource-Policy", "same-origin")
		header.Set("Cache-Control", "no-store")
		switch site := r.Header.Get("Sec-Fetch-Site"); {
		case !names[r.Host]:
			problem(w, http.StatusMisdirectedRequest, "The console doesn't have this name: use the address that it printed.")
		case (site == "cross-site" || site == "same-site") && r.Header.Get("Sec-Fetch-Mode") != "navigate":
			problem(w, http.StatusForbidden, "The console only serves its own page.")
		default:
			same.ServeHTTP(w, r)
		}
	})
}

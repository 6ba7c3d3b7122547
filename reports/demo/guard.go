package demo

import (
	"fmt"
	"mime"
	"net"
	"net/http"
	"net/netip"
)

// maxBody bounds a request. The longest script that comes with the program has
// a thousandth of it.
const maxBody = 256 << 10

// policy lets the page load what this server gives it, and nothing else. Styles
// in attributes place what moves.
const policy = "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; connect-src 'self'; img-src 'self' data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

// guard lets only this server's own page in. That it listens on loopback keeps
// other machines out, but not other pages in a browser on this one:
//
//   - a page of evil.example whose name suddenly means 127.0.0.1 (DNS rebinding)
//     counts as of one origin with us; its requests bear its name as Host;
//   - a page of any site may post to us blindly; its requests bear its Origin,
//     or say that they are cross-site.
func guard(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Security-Policy", policy)
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Referrer-Policy", "no-referrer") // the link to a lesson has its script in it
		h.Set("Cross-Origin-Resource-Policy", "same-origin")
		h.Set("Cache-Control", "no-store") // the next version of the program has another page
		if !local(r.Host) {
			refuse(w, http.StatusMisdirectedRequest, fmt.Errorf("this server is called 127.0.0.1 or localhost, not %q", r.Host))
			return
		}
		if !own(r) {
			refuse(w, http.StatusForbidden, fmt.Errorf("only the demo's own page may ask"))
			return
		}
		if r.Method == http.MethodPost {
			if kind, _, err := mime.ParseMediaType(r.Header.Get("Content-Type")); err != nil || kind != "application/json" {
				refuse(w, http.StatusUnsupportedMediaType, fmt.Errorf("the body must be application/json"))
				return
			}
		}
		r.Body = http.MaxBytesReader(w, r.Body, maxBody)
		next.ServeHTTP(w, r)
	})
}

// local reports whether a Host means this machine by a name that no one else
// can give away.
func local(host string) bool {
	if name, _, err := net.SplitHostPort(host); err == nil {
		host = name
	}
	if host == "localhost" {
		return true
	}
	a, err := netip.ParseAddr(host)
	return err == nil && a.IsLoopback()
}

// own reports whether a request comes from the page, or from no page at all.
func own(r *http.Request) bool {
	switch r.Header.Get("Sec-Fetch-Site") {
	case "", "same-origin":
	case "none": // typed, or from a bookmark
	default:
		// A link to a lesson may stand on any page; what it leads to is the page
		// itself, which runs nothing without a person's wish.
		if r.Method != http.MethodGet || r.URL.Path != "/" || r.Header.Get("Sec-Fetch-Mode") != "navigate" {
			return false
		}
	}
	origin := r.Header.Get("Origin")
	return origin == "" || origin == "http://"+r.Host
}

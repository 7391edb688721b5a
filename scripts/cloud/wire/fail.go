package wire

import (
	"net/http"
	"strings"
)

// Fail responds with an error in the protocol of the request, for callers that reject a request before it reaches a
// service.
func Fail(w http.ResponseWriter, r *http.Request, service string, err error) {
	s := &Service{Name: service, Version: "1.1", Shapes: "com.amazonaws." + service}
	switch e := AsError(err); {
	case r.Header.Get("X-Amz-Target") != "":
		s.failJSON(w, r, e)
	case strings.HasPrefix(r.Header.Get("Content-Type"), "application/x-www-form-urlencoded"):
		s.failQuery(w, e)
	default:
		(&REST{Name: service}).fail(w, e)
	}
}

package cloud

import (
	"context"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"example.com/localcloud/wire"
)

// TestUnknownIsRefusedByName sends every operation a parameter that it doesn't have: in JSON, in a form, and in the query
// of a REST request. None may ignore it.
func TestUnknownIsRefusedByName(t *testing.T) {
	c := New("http://127.0.0.1")
	t.Cleanup(func() {
		if err := c.Close(); err != nil {
			t.Error(err)
		}
	})
	for service, table := range c.tables {
		switch table := table.(type) {
		case *wire.Service:
			for _, op := range table.Operations {
				for protocol, decode := range map[string]func(any) error{
					"JSON": func(in any) error { return wire.DecodeJSON(strings.NewReader(`{"Unheard": "1"}`), in) },
					"form": func(in any) error { return wire.DecodeQuery(url.Values{"Unheard": {"1"}}, in) },
				} {
					if _, err := op.Run(context.Background(), decode); err == nil || !strings.Contains(err.Error(), "Unheard") {
						t.Errorf("%s %s, %s: %v", service, op.Name, protocol, err)
					}
				}
			}
		case *wire.REST:
			for _, route := range table.Routes {
				refusesREST(t, service, table.Handler(), route)
			}
		default:
			t.Errorf("%s has another kind of table: %T", service, table)
		}
	}
}

// variable is a part of a route's pattern.
var variable = regexp.MustCompile(`\{[^}]+\}`)

func refusesREST(t *testing.T, service string, handler http.Handler, route wire.Route) {
	method, path, _ := strings.Cut(variable.ReplaceAllString(route.Pattern, "x"), " ")
	for place, r := range map[string]*http.Request{
		"query": httptest.NewRequest(method, path+"?Unheard=1", nil),
		"body":  httptest.NewRequest(method, path, strings.NewReader(`{"Unheard": "1"}`)),
	} {
		if place == "body" && route.Operation.Name == "Invoke" {
			continue // the body is the event
		}
		w := httptest.NewRecorder()
		handler.ServeHTTP(w, r)
		if w.Code < 400 || w.Code >= 500 || !strings.Contains(w.Body.String(), "Unheard") {
			t.Errorf("%s %s, %s: %d %s", service, route.Operation.Name, place, w.Code, w.Body)
		}
	}
}

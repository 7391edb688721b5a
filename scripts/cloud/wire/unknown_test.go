package wire_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"example.com/localcloud/wire"
)

// TestUnknownIsRefusedByName sends requests that a service must not take for another: of another service, in a protocol
// that it doesn't have, or with a parameter that no member has.
func TestUnknownIsRefusedByName(t *testing.T) {
	type input struct {
		Name string
		Size int `json:"-" query:"size"`
	}
	operation := wire.Op("Get", func(_ context.Context, in *input) (*input, error) { return in, nil }, nil)
	both := &wire.Service{Name: "both", Target: "Both", Version: "1.0", Namespace: "http://both/2012-11-05/", Operations: []wire.Operation{operation}}
	onlyJSON := &wire.Service{Name: "json", Target: "Only", Version: "1.1", Operations: []wire.Operation{operation}}
	onlyQuery := &wire.Service{Name: "query", Namespace: "http://query/2012-11-05/", Operations: []wire.Operation{operation}}
	rest := &wire.REST{Name: "rest", Routes: []wire.Route{{Pattern: "POST /things", Status: 200, Operation: operation}}}
	for name, test := range map[string]struct {
		handler            http.Handler
		target, path, body string
		want               string // in the answer; "" if the request is valid
	}{
		"JSON":                            {both, "Both.Get", "/", `{"Name": "a"}`, ""},
		"form":                            {both, "", "/", "Action=Get&Name=a", ""},
		"URL":                             {rest.Handler(), "", "/things?size=1", `{"Name": "a"}`, ""},
		"another service's target":        {both, "Other.Get", "/", `{}`, "Other.Get"},
		"no service's target":             {both, "Get", "/", `{}`, "no operation Get"},
		"JSON to a service of forms":      {onlyQuery, "Query.Get", "/", `{}`, "Query.Get"},
		"JSON without a target":           {onlyQuery, ".Get", "/", `{}`, ".Get"},
		"form to a service of JSON":       {onlyJSON, "", "/", "Action=Get", "X-Amz-Target"},
		"member":                          {both, "Both.Get", "/", `{"Nme": "a"}`, "Nme"},
		"parameter":                       {both, "", "/", "Action=Get&Nme=a", "Nme"},
		"parameter in the URL":            {rest.Handler(), "", "/things?colour=red", `{}`, "colour"},
		"another case in the URL":         {rest.Handler(), "", "/things?Size=1", `{}`, "Size"},
		"member that the URL should have": {rest.Handler(), "", "/things", `{"Size": 1}`, "Size"},
		"path":                            {rest.Handler(), "", "/thing", `{}`, "/thing"},
	} {
		t.Run(name, func(t *testing.T) {
			r := httptest.NewRequest("POST", test.path, strings.NewReader(test.body))
			r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
			if test.target != "" {
				r.Header.Set("X-Amz-Target", test.target)
			}
			w := httptest.NewRecorder()
			test.handler.ServeHTTP(w, r)
			if test.want == "" && w.Code != http.StatusOK || test.want != "" && (w.Code < 400 || w.Code > 499 || !strings.Contains(w.Body.String(), test.want)) {
				t.Errorf("%d %s, want %q", w.Code, w.Body, test.want)
			}
		})
	}
}

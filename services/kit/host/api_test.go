package host

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"example.com/troupe/services/kit/eventing"
	"example.com/troupe/services/kit/internal/tower"
	"example.com/troupe/services/kit/web"
	lambdaevents "github.com/aws/aws-lambda-go/events"
)

// apiEvent returns an event as the HTTP API sends it for a path parameter: everything decoded.
func apiEvent(parameter string) lambdaevents.APIGatewayV2HTTPRequest {
	event := lambdaevents.APIGatewayV2HTTPRequest{
		Version: "2.0", RouteKey: "GET /bells/{name}", RawPath: "/bells/" + parameter, PathParameters: map[string]string{"name": parameter},
	}
	event.RequestContext.HTTP.Method, event.RequestContext.DomainName = "GET", "api.example.com"
	return event
}

func invokeAPI(t *testing.T, h *house, event lambdaevents.APIGatewayV2HTTPRequest) (answer lambdaevents.APIGatewayV2HTTPResponse) {
	t.Helper()
	payload, err := json.Marshal(event)
	if err != nil {
		t.Fatal(err)
	}
	out, err := h.function(telemetry{}).Invoke(t.Context(), payload)
	if err != nil {
		t.Fatalf("a function error: %v", err)
	}
	if err := json.Unmarshal(out, &answer); err != nil {
		t.Fatal(err)
	}
	return answer
}

// TestPathsOfTheAPI: whatever stands in a path reaches the handler of the API's route as it is,
// or is refused; never a function error, and never another resource.
func TestPathsOfTheAPI(t *testing.T) {
	h := newHouse(t, tower.Declaration)
	h.router = web.NewRouter(h.runner, []web.Route{
		{Pattern: "GET /bells/{name}", Handler: func(_ *eventing.Tx, w http.ResponseWriter, r *http.Request) error {
			return web.JSON(w, http.StatusOK, "bell "+r.PathValue("name"))
		}},
		{Pattern: "GET /bells/{name}/{part}", Handler: func(_ *eventing.Tx, w http.ResponseWriter, _ *http.Request) error {
			return web.JSON(w, http.StatusOK, "another resource")
		}},
	})
	for _, name := range []string{"tom", "100%", "100%25", "a?b", "a#b", "%zz", "a/b", "a%2Fb", "a//b", ".", "..", "../x", "{name}", "é", "a b", "a+b", "a;b", "*", "a\\b"} {
		var got string
		answer := invokeAPI(t, h, apiEvent(name))
		if err := json.Unmarshal([]byte(answer.Body), &got); err != nil || answer.StatusCode != 200 || got != "bell "+name {
			t.Errorf("%q: %d %s", name, answer.StatusCode, answer.Body)
		}
	}
	for _, name := range []string{"", "\x00", "a\x00b"} {
		if answer := invokeAPI(t, h, apiEvent(name)); answer.StatusCode < 400 || answer.StatusCode >= 500 {
			t.Errorf("%q: %d %s", name, answer.StatusCode, answer.Body)
		}
	}
}

// FuzzPathsOfTheAPI looks for more of them.
func FuzzPathsOfTheAPI(f *testing.F) {
	f.Add("GET", "/bells/{name}", "/bells/a", "a", "x=1")
	f.Add("POST", "/bells", "/bells", "", "%zz")
	f.Add("", "$default", "bells", "", "")
	f.Fuzz(func(t *testing.T, method, pattern, path, parameter, query string) {
		h := newHouse(t, tower.Declaration)
		event := apiEvent(parameter)
		event.RouteKey, event.RawPath, event.RawQueryString = method+" "+pattern, path, query
		r, err := apiRequest(t.Context(), event)
		if err != nil {
			return
		}
		if status, _, body := web.Record(h.router, r); status >= 500 && !strings.Contains(path+parameter, "hoarse") && !strings.Contains(path+parameter, "falling") {
			t.Errorf("%d %s", status, body)
		}
	})
}

// TestPrincipalOfTheAPI: a key belongs to the subject that the API's authorizer has checked.
func TestPrincipalOfTheAPI(t *testing.T) {
	h := newHouse(t, tower.Declaration)
	for i, subject := range []string{"alice", "bob", "alice"} {
		event := lambdaevents.APIGatewayV2HTTPRequest{
			Version: "2.0", RouteKey: "POST /bells", RawPath: "/bells", Body: `{"bell":"tom","times":1}`,
			Headers: map[string]string{"idempotency-key": "k", "authorization": "Bearer of the moment"},
		}
		event.RequestContext.HTTP.Method = "POST"
		event.RequestContext.Authorizer = &lambdaevents.APIGatewayV2HTTPRequestContextAuthorizerDescription{
			JWT: &lambdaevents.APIGatewayV2HTTPRequestContextAuthorizerJWTDescription{Claims: map[string]string{"sub": subject}},
		}
		answer := invokeAPI(t, h, event)
		if replayed := answer.Headers["Idempotency-Replayed"] == "true"; answer.StatusCode != 202 || replayed != (i == 2) {
			t.Errorf("%d, %s: %d, replayed: %t", i, subject, answer.StatusCode, replayed)
		}
	}
}

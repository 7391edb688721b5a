package console

import (
	"encoding/json"
	"io"
	"net/http"
	"strings"

	"example.com/troupe/events"
	"example.com/troupe/events/manifest"
	"example.com/troupe/scripts/internal/stories"
)

// offered is a request for a person to send: one that a story begins with, or a route that no story begins with.
type offered struct {
	stories.Request
	Route string `json:"route"` // as it is declared
}

// getRequests answers with the requests of the checkout's stories, which have new ids every time, and with all other routes.
func (c *Console) getRequests(w http.ResponseWriter, _ *http.Request) {
	declared := c.scene.Load().declared
	told, err := stories.Load(declared.Root)
	if err != nil {
		problem(w, http.StatusInternalServerError, err.Error())
		return
	}
	answer(w, http.StatusOK, offer(declared.Manifests, stories.Requests(told)))
}

// offer lists requests by route; a route without any is offered as it is declared.
func offer(manifests []*manifest.Manifest, requests []stories.Request) []offered {
	all := []offered{}
	for _, m := range manifests {
		for _, route := range m.HTTP {
			known := len(all)
			for _, r := range requests {
				if serves(route, r.Method, r.Path) {
					all = append(all, offered{r, route})
				}
			}
			if len(all) == known {
				method, path, _ := strings.Cut(route, " ")
				all = append(all, offered{stories.Request{Method: method, Path: path}, route})
			}
		}
	}
	return all
}

// serves reports whether a declared route takes requests for a path. What stands in braces is any segment, and with a plus
// any number of them.
func serves(route, method, path string) bool {
	wantedMethod, wantedPath, _ := strings.Cut(route, " ")
	path, _, _ = strings.Cut(path, "?")
	wanted, segments := strings.Split(wantedPath, "/"), strings.Split(path, "/")
	for i, w := range wanted {
		switch {
		case i == len(segments):
			return false
		case strings.HasPrefix(w, "{") && strings.HasSuffix(w, "+}"):
			return method == wantedMethod
		case !strings.HasPrefix(w, "{") && w != segments[i]:
			return false
		}
	}
	return method == wantedMethod && len(wanted) == len(segments)
}

// replied is what the HTTP API answered.
type replied struct {
	begun
	Status int             `json:"status"`
	Body   json.RawMessage `json:"body,omitempty"`
}

// request passes a request on to the HTTP API, to declared routes only.
func (c *Console) request(w http.ResponseWriter, r *http.Request) {
	var asked struct{ Method, Path, Body string }
	if err := json.NewDecoder(r.Body).Decode(&asked); err != nil {
		problem(w, http.StatusBadRequest, "The body of the request isn't JSON: "+err.Error())
		return
	}
	if c.options.API == "" || !c.scene.Load().answers(asked.Method, asked.Path) {
		problem(w, http.StatusNotFound, "No service answers "+asked.Method+" "+asked.Path+".")
		return
	}
	reply, err := c.forward(r, asked.Method, asked.Path, asked.Body)
	if err != nil {
		problem(w, http.StatusBadGateway, err.Error())
		return
	}
	answer(w, http.StatusOK, reply)
}

// answers reports whether a service declares a route for a path.
func (s *scene) answers(method, path string) bool {
	for _, m := range s.declared.Manifests {
		for _, route := range m.HTTP {
			if serves(route, method, path) {
				return true
			}
		}
	}
	return false
}

func (c *Console) forward(r *http.Request, method, path, body string) (reply replied, err error) {
	request, err := http.NewRequestWithContext(r.Context(), method, c.options.API+path, strings.NewReader(body))
	if err != nil {
		return reply, err
	}
	if method != http.MethodGet {
		request.Header.Set("Content-Type", "application/json")
		request.Header.Set("Idempotency-Key", events.NewID())
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return reply, err
	}
	defer response.Body.Close()
	content, err := io.ReadAll(io.LimitReader(response.Body, maxBody))
	reply.Status, reply.Execution = response.StatusCode, response.Header.Get("X-Correlation-Id")
	if json.Valid(content) {
		reply.Body = content
	}
	return reply, err
}

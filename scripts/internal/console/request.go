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

// offered is a request that a user can send: the first of a story, or a route without a story.
type offered struct {
	stories.Request
	Route string `json:"route"` // as declared
}

// getRequests responds with the requests of the checkout's stories, with new IDs each time, and with all other
// routes.
func (c *Console) getRequests(w http.ResponseWriter, _ *http.Request) {
	declared := c.scene.Load().declared
	all, err := stories.Load(declared.Root)
	if err != nil {
		problem(w, http.StatusInternalServerError, err.Error())
		return
	}
	answer(w, http.StatusOK, offer(declared.Manifests, stories.Requests(all)))
}

// offer lists requests by route. A route without requests is offered as declared.
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

// serves reports whether a declared route matches a request. A segment in braces matches any segment, with a plus any
// number of segments.
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

// replied is the response of the HTTP API.
type replied struct {
	begun
	Status int             `json:"status"`
	Body   json.RawMessage `json:"body,omitempty"`
}

// request forwards a request to the HTTP API, but only to declared routes.
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

// answers reports whether a service declares a matching route.
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

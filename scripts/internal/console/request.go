package console

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"slices"
	"strings"

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

// methods are the methods that a user can choose.
var methods = []string{"GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"}

// asked is a request that the page sends. Its path includes the query.
type asked struct {
	Method, Path, Body string
	Headers            []header
}

type header struct {
	Name  string `json:"name"`
	Value string `json:"value"`
}

// replied is the response of the HTTP API: its body as JSON, or else as text.
type replied struct {
	begun
	Status  int             `json:"status"`
	Headers []header        `json:"headers"`
	Body    json.RawMessage `json:"body,omitempty"`
	Text    string          `json:"text,omitempty"`
}

// request forwards a request to the HTTP API, and to no other host.
func (c *Console) request(w http.ResponseWriter, r *http.Request) {
	var sent asked
	if err := json.NewDecoder(r.Body).Decode(&sent); err != nil {
		problem(w, http.StatusBadRequest, "The body of the request isn't JSON: "+err.Error())
		return
	}
	if c.options.API == "" {
		problem(w, http.StatusNotFound, "The address of the HTTP API is unknown here.")
		return
	}
	forwarded, err := c.forwarded(r, sent)
	if err != nil {
		problem(w, http.StatusUnprocessableEntity, err.Error())
		return
	}
	reply, err := exchange(forwarded)
	if err != nil {
		problem(w, http.StatusBadGateway, err.Error())
		return
	}
	answer(w, http.StatusOK, reply)
}

// forwarded returns the request to the HTTP API, or an error that tells what is wrong with it.
func (c *Console) forwarded(r *http.Request, sent asked) (*http.Request, error) {
	if !slices.Contains(methods, sent.Method) {
		return nil, fmt.Errorf("the method must be one of %s", strings.Join(methods, ", "))
	}
	if !strings.HasPrefix(sent.Path, "/") {
		return nil, errors.New("the path must begin with a slash")
	}
	forwarded, err := http.NewRequestWithContext(r.Context(), sent.Method, c.options.API+sent.Path, strings.NewReader(sent.Body))
	if err != nil {
		return nil, fmt.Errorf("the path isn't valid: %w", err)
	}
	for _, h := range sent.Headers {
		forwarded.Header.Add(h.Name, h.Value)
	}
	return forwarded, nil
}

// direct is a client that shows redirects instead of following them.
var direct = &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}

func exchange(request *http.Request) (reply replied, err error) {
	response, err := direct.Do(request)
	if err != nil {
		return reply, err
	}
	defer response.Body.Close()
	content, err := io.ReadAll(io.LimitReader(response.Body, maxBody))
	reply.Status, reply.Execution = response.StatusCode, response.Header.Get("X-Correlation-Id")
	for _, name := range slices.Sorted(maps.Keys(response.Header)) {
		reply.Headers = append(reply.Headers, header{name, strings.Join(response.Header[name], ", ")})
	}
	if json.Valid(content) {
		reply.Body = content
	} else {
		reply.Text = string(content)
	}
	return reply, err
}

package stack

import (
	"fmt"
	"net/http"
	"net/http/httputil"
	"net/url"
	"sync"

	"example.com/troupe/scripts/internal/topology"
)

// front is the HTTP API of this machine: it proxies the routes of workers to their processes, and passes every other
// request to the functions' API.
type front struct {
	next   http.Handler                // the functions' API
	advice func(service string) string // for when a service does not answer

	mu    sync.RWMutex
	mux   *http.ServeMux
	hosts map[string]string // host:port, by service
}

// route replaces the routes with those of the topology's workers. A route's key is already a pattern of net/http.
func (f *front) route(t *topology.Topology, isWorker func(topology.Service) bool) {
	mux := http.NewServeMux()
	mux.Handle("/", f.next)
	for _, service := range t.Services {
		for _, route := range t.Routes {
			if route.Service == service.Name && isWorker(service) {
				mux.Handle(route.Key, f.proxy(service.Name))
			}
		}
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	f.mux = mux
}

// serve sets the address at which a service listens.
func (f *front) serve(service, host string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.hosts == nil {
		f.hosts = map[string]string{}
	}
	f.hosts[service] = host
}

func (f *front) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	f.mu.RLock()
	mux := f.mux
	f.mu.RUnlock()
	mux.ServeHTTP(w, r)
}

func (f *front) proxy(service string) http.Handler {
	return &httputil.ReverseProxy{
		Rewrite: func(r *httputil.ProxyRequest) {
			f.mu.RLock()
			defer f.mu.RUnlock()
			r.SetURL(&url.URL{Scheme: "http", Host: f.hosts[service]})
		},
		ErrorHandler: func(w http.ResponseWriter, _ *http.Request, err error) {
			http.Error(w, fmt.Sprintf("%s does not answer: %v%s", service, err, f.advice(service)), http.StatusBadGateway)
		},
	}
}

package console

import (
	"bytes"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"io/fs"
	"mime"
	"net"
	"net/http"
	"path"
	"strings"

	"example.com/troupe/scripts/internal/console/drawing"
	"example.com/troupe/scripts/internal/stack"
)

//go:embed assets
var assets embed.FS

// pages are the addresses of views. All return the same page, which reads its address.
var pages = []string{"/{$}", "/executions", "/executions/{id}", "/publish", "/publish/{event}", "/request", "/dead-letters", "/replay", "/surge", "/cost", "/faults", "/documents/{service}"}

func (c *Console) handler(bound net.Addr) (http.Handler, error) {
	mux := http.NewServeMux()
	files, err := embedded()
	if err != nil {
		return nil, err
	}
	for _, page := range pages {
		mux.Handle("GET "+page, files["index.html"])
	}
	for name, file := range files {
		mux.Handle("GET /assets/"+name, file)
	}
	for route, handle := range map[string]http.HandlerFunc{
		"GET /api/map":                             c.getMap,
		"GET /api/map.svg":                         c.getScore,
		"GET /api/executions":                      c.listExecutions,
		"GET /api/executions/{id}":                 c.getExecution,
		"GET /api/executions/{id}/diagram.svg":     c.getDiagram,
		"GET /api/queues":                          c.getQueues,
		"GET /api/problems":                        c.getProblems,
		"GET /api/stream":                          c.stream,
		"GET /api/events/{event}/example":          c.getExample,
		"POST /api/events/{event}":                 c.writing(c.publish),
		"GET /api/requests":                        c.getRequests,
		"POST /api/requests":                       c.writing(c.request),
		"GET /api/dead-letters/{service}/{queue}":  c.peek,
		"POST /api/dead-letters/{service}/{queue}": c.writing(c.redrive),
		"GET /api/documents/{service}":             c.getDocuments,
		"GET /api/replay":                          c.getReplay,
		"GET /api/replay/{name}":                   c.getReplayState,
		"POST /api/replay":                         c.writing(c.startReplay),
		"GET /api/surge":                           c.getSurge,
		"GET /api/surge.svg":                       c.drawSurge,
		"POST /api/surge":                          c.writing(c.takeSurge),
		"GET /api/cost":                            c.getCost,
		"GET /api/cost.svg":                        c.drawCost,
		"POST /api/cost":                           c.writing(c.takeCost),
		"GET /api/faults":                          c.getFaults,
		"POST /api/faults":                         c.writing(c.putFault),
		"POST /api/faults/{id}/off":                c.writing(c.takeOff),
	} {
		mux.HandleFunc(route, handle)
	}
	mux.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) {
		if strings.HasPrefix(r.URL.Path, "/api/") || strings.HasPrefix(r.URL.Path, "/assets/") || r.Method != http.MethodGet {
			problem(w, http.StatusNotFound, "Nothing is at "+r.URL.Path+".")
			return
		}
		files["index.html"].send(w, http.StatusNotFound) // it shows what there is instead
	})
	return guard(bound, mux), nil
}

// asset is a file of the page with its ETag; a browser that has it doesn't receive it again.
type asset struct {
	kind, mark string
	content    []byte
}

func (a asset) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	header := w.Header()
	header.Set("Cache-Control", "no-cache")
	header.Set("ETag", a.mark)
	if r.Header.Get("If-None-Match") == a.mark {
		w.WriteHeader(http.StatusNotModified)
		return
	}
	a.send(w, http.StatusOK)
}

func (a asset) send(w http.ResponseWriter, status int) {
	w.Header().Set("Content-Type", a.kind)
	w.WriteHeader(status)
	_, _ = w.Write(a.content)
}

// embedded returns the page's files by name, including the drawings' style sheet.
func embedded() (map[string]asset, error) {
	files := map[string]asset{"drawing.css": newAsset("drawing.css", []byte(drawing.Style))}
	err := fs.WalkDir(assets, "assets", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		content, err := assets.ReadFile(name)
		if name == "assets/index.html" {
			content = bytes.ReplaceAll(content, []byte("{product}"), []byte(product(stack.Project)))
		}
		files[strings.TrimPrefix(name, "assets/")] = newAsset(name, content)
		return err
	})
	return files, err
}

// product returns a project's name as a title: "Night sky" for night-sky.
func product(project string) string {
	words := strings.ReplaceAll(project, "-", " ")
	return strings.ToUpper(words[:1]) + words[1:]
}

func newAsset(name string, content []byte) asset {
	sum := sha256.Sum256(content)
	kind := mime.TypeByExtension(path.Ext(name))
	if path.Ext(name) == ".js" { // systems differ in its type
		kind = "text/javascript; charset=utf-8"
	}
	return asset{kind: kind, mark: `"` + hex.EncodeToString(sum[:8]) + `"`, content: content}
}

// writing refuses requests that change something if the console is read-only.
func (c *Console) writing(next http.HandlerFunc) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		switch kind, _, _ := mime.ParseMediaType(r.Header.Get("Content-Type")); {
		case !c.options.Write:
			problem(w, http.StatusForbidden, "This console is read-only: start it with -write to allow publishing and redriving.")
		case kind != "application/json":
			problem(w, http.StatusUnsupportedMediaType, "Send application/json.")
		default:
			r.Body = http.MaxBytesReader(w, r.Body, maxBody)
			next(w, r)
		}
	}
}

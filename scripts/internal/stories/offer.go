package stories

import (
	"net/http"
	"strings"

	"example.com/troupe/events"
)

// Request is a request that a story begins with, for a person to make.
type Request struct {
	Story  string `json:"story"` // its title, or its name where it has none
	Method string `json:"method"`
	Path   string `json:"path"`
	Body   string `json:"body,omitempty"`
}

// Requests returns the request that each story begins with: those that need no answer to an earlier one. Two stories that
// begin with the same request make one.
func Requests(all []*Story) (offered []Request) {
	seen := map[Request]bool{}
	for _, s := range all {
		r, ok := s.first()
		if same := (Request{Method: r.Method, Path: r.Path, Body: r.Body}); ok && !seen[same] {
			seen[same] = true
			offered = append(offered, r)
		}
	}
	return offered
}

// first returns the first request of a story, with its variables as far as they are known then.
func (s *Story) first() (Request, bool) {
	p := &performance{story: s, variables: Variables{"story": "s-" + strings.ReplaceAll(events.NewID(), "-", "")[:20]}}
	for _, line := range s.Lines {
		args, err := p.variables.expandAll(line.Args)
		if err != nil {
			return Request{}, false
		}
		switch line.Args = args; line.Verb {
		case "set":
			_ = p.set(line)
		case "time":
			if p.time(line) != nil {
				return Request{}, false
			}
		case "request":
			return p.offer(line)
		}
	}
	return Request{}, false
}

func (p *performance) offer(line Line) (Request, bool) {
	words, _ := assignments(line.Args)
	r := Request{Story: p.story.Title, Method: words[0], Path: words[1]}
	if r.Story == "" {
		r.Story = p.story.Name
	}
	if len(words) == 3 {
		body, err := p.variables.Expand(p.story.Files[words[2]])
		if err != nil {
			return Request{}, false
		}
		r.Body = strings.TrimSpace(body)
	}
	return r, true
}

// Curl returns the request as a command line for curl, with the URL of an API.
func (r Request) Curl(api string) string {
	command := "curl -i"
	if r.Method != http.MethodGet {
		command += " -X " + r.Method
	}
	command += " " + quote(api+r.Path)
	if r.Body != "" {
		command += " -d " + quote(strings.Join(strings.Fields(r.Body), " "))
	}
	return command
}

// quote writes a text as a shell takes it.
func quote(text string) string {
	if !strings.ContainsAny(text, " '\"{}[]$&;|<>()*?!#~\\`") {
		return text
	}
	return "'" + strings.ReplaceAll(text, "'", `'\''`) + "'"
}

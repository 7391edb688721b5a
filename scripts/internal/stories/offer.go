package stories

import (
	"net/http"
	"strings"
)

// Request is the first request of a story, which a user can send by hand.
type Request struct {
	Story  string `json:"story"` // its title, or its name if it has none
	Method string `json:"method"`
	Path   string `json:"path"`
	Body   string `json:"body,omitempty"`
}

// Requests returns the first request of each story if it needs no earlier response. Duplicates are dropped.
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

// first returns the first request of a story, with the variables known at that point.
func (s *Story) first() (Request, bool) {
	p := &performance{story: s, variables: newVariables()}
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

// Curl returns the request as a curl command line for an API.
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

// quote quotes a text for a shell.
func quote(text string) string {
	if !strings.ContainsAny(text, " '\"{}[]$&;|<>()*?!#~\\`") {
		return text
	}
	return "'" + strings.ReplaceAll(text, "'", `'\''`) + "'"
}

package docs

import (
	"bytes"
	"cmp"
	"embed"
	"fmt"
	"path"
	"slices"
	"strings"
	"text/template"

	"example.com/troupe/events"
)

//go:embed *.md.tmpl
var sources embed.FS

var pages = template.Must(template.New("").Funcs(template.FuncMap{
	"where": where, "fields": fields, "cell": cell, "code": code, "channel": channelName, "json": pretty,
	"join": func(names []string) string { return strings.Join(names, ", ") },
}).ParseFS(sources, "*.md.tmpl"))

// Generate returns the content of every generated file by its path, relative to the root of a checkout.
func Generate(root, project string) (map[string][]byte, error) {
	s, err := load(root, project)
	if err != nil {
		return nil, err
	}
	files := map[string][]byte{}
	if files[path.Join(Folder, "asyncapi.json")], err = s.AsyncAPI(""); err != nil {
		return nil, err
	}
	add := func(name, from string, data any) {
		var text bytes.Buffer
		err = cmp.Or(err, pages.ExecuteTemplate(&text, from, data))
		files[path.Join(Folder, name)] = text.Bytes()
	}
	add("README.md", "index.md.tmpl", s)
	for _, service := range s.Services {
		add("services/"+service.Name+".md", "service.md.tmpl", service)
	}
	for _, e := range s.Events {
		add("events/"+e.Type+".md", "event.md.tmpl", map[string]any{"Event": e, "Address": s.Address(e), "Bus": s.Bus})
	}
	return files, err
}

// Application returns the AsyncAPI document of one service, what it sends and receives, or of the whole system for "".
func Application(root, project, service string) ([]byte, error) {
	s, err := load(root, project)
	if err != nil {
		return nil, err
	}
	return s.AsyncAPI(service)
}

// cell returns a text that can stand in a table.
func cell(text string) string {
	return strings.NewReplacer("|", `\|`, "\n", " ", "<", "&lt;", "*", `\*`).Replace(text)
}

// code returns a text as code, which can stand in a table.
func code(text string) string {
	fence := "`"
	for strings.Contains(text, fence) {
		fence += "`"
	}
	if len(fence) > 1 {
		text = " " + text + " "
	}
	return fence + strings.NewReplacer("|", `\|`, "\n", " ").Replace(text) + fence
}

// pretty returns a JSON document for people, as it is written if it has several lines.
func pretty(document []byte) (string, error) {
	if bytes.Contains(bytes.TrimSpace(document), []byte("\n")) {
		return string(bytes.TrimSpace(document)), nil
	}
	value, err := decode(document)
	if err != nil {
		return "", err
	}
	text, err := indented(value)
	return string(bytes.TrimSpace(text)), err
}

func channelName(e *event) string {
	return map[events.Channel]string{events.EventBridge: "EventBridge", events.SNS: "SNS", events.Queue: "own queue"}[e.Channel]
}

// arrows are Mermaid's arrows of the channels: a beginning, before the text, and an end.
var arrows = map[events.Channel][2]string{events.EventBridge: {"==", "==>"}, events.SNS: {"-.", ".->"}, events.Queue: {"--", "-->"}}

// Picture returns the lines of a flowchart in Mermaid's language: services, and events from who publishes them to who
// subscribes. Services have numbers there, because some words mean something to Mermaid.
func (s *system) Picture() []string {
	var lines []string
	ids := map[string]string{}
	for i, service := range s.Services {
		ids[service.Name] = fmt.Sprintf("s%d", i)
		lines = append(lines, fmt.Sprintf("s%d[%q]", i, service.Name))
	}
	for _, service := range s.Services {
		if len(service.HTTP) > 0 {
			lines = append(lines, fmt.Sprintf("clients([clients]) -- %q --> %s", strings.Join(service.HTTP, "<br>"), ids[service.Name]))
		}
	}
	type edge struct {
		from, to string
		channel  events.Channel
	}
	var order []edge
	types := map[edge][]string{}
	connect := func(from, to string, e *event) {
		at := edge{from, to, e.Channel}
		if types[at] == nil {
			order = append(order, at)
		}
		types[at] = append(types[at], e.Type)
	}
	for _, e := range s.Events {
		from := "outside([elsewhere])"
		if e.Publisher != nil {
			from = ids[e.Publisher.Name]
		}
		for _, subscribed := range e.Subscribers {
			to := ids[subscribed.Service.Name]
			if e.Channel == events.Queue {
				to += "q([own queue])" // Mermaid writes the text of an arrow to where it begins over others
			}
			connect(from, to, e)
		}
		if len(e.Subscribers) == 0 && e.Publisher != nil {
			connect(from, "nobody([nobody here])", e)
		}
	}
	slices.SortStableFunc(order, func(a, b edge) int { return cmp.Or(cmp.Compare(a.from, b.from), cmp.Compare(a.to, b.to)) })
	for _, at := range order {
		arrow := arrows[at.channel]
		lines = append(lines, fmt.Sprintf("%s %s %q %s %s", at.from, arrow[0], strings.Join(types[at], "<br>"), arrow[1], at.to))
	}
	return lines
}

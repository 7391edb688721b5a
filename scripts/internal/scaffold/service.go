package scaffold

import (
	"errors"
	"fmt"
	"go/token"
	"maps"
	"path"
	"regexp"
	"slices"
	"strings"

	"example.com/troupe/events"
	"example.com/troupe/events/manifest"
	"example.com/troupe/events/schema"
	"example.com/troupe/scripts/internal/codegen"
)

// ServiceOptions describe a new service.
type ServiceOptions struct {
	Name       string
	Runtime    manifest.Runtime // "" means lambda
	Store      manifest.Store   // "" means dynamodb
	Subscribes []string         // existing events
	Publishes  []string         // its own events; missing ones are created
	HTTP       []string         // "POST /appointments"
}

// Service is a planned service.
type Service struct {
	Files Files
	Made  []string // events that are created with it
	Next  []string // what the user should do next
}

var (
	validService = regexp.MustCompile(`^[a-z][a-z0-9-]{0,30}[a-z0-9]$`)
	validRoute   = regexp.MustCompile(`^(GET|HEAD|POST|PUT|PATCH|DELETE) /[A-Za-z0-9._~{}+/-]*$`)
	parameter    = regexp.MustCompile(`\{([A-Za-z0-9_]+)[^}]*\}`)

	// Folders in services and events that aren't services.
	taken = []string{"kit", "stories", "invariants", "bus", "docs", "manifest", "schema"}
	// unnamed are names that would conflict with the generated code.
	unnamed = []string{
		"events", "eventing", "eventingtest", "host", "manifest", "sqlstore", "http", "context", "time", "slog", "main",
		"testing", "internal", "vendor", "testdata", "kept", "event", "take", "state", "found", "known", "string", "error",
	}
)

// checkService returns an error if a service can't have a name.
func checkService(variable, name string) error {
	if !validService.MatchString(name) {
		return fmt.Errorf("%s=%q is not a valid name of a service: use 2 to 32 lower-case letters, digits and dashes, beginning with a letter", variable, name)
	}
	if slices.Contains(taken, name) {
		return fmt.Errorf("%s=%s is not allowed: the folder %s is used for something else", variable, name, name)
	}
	return nil
}

// eventRef is an event in the form that the templates use.
type eventRef struct {
	schema.Event
	Go    string // "booking.AppointmentRequested"
	Field string // "AppointmentID"
	State string // "requested"
}

// Queue reports whether the event is a reminder.
func (e eventRef) Queue() bool { return e.Channel == events.Queue }

// About returns an expression of the event with a subject.
func (e eventRef) About(subject string) string {
	if !strings.HasPrefix(e.Subject, "/") {
		return fmt.Sprintf("%s{%s: %q}", e.Go, e.Field, subject)
	}
	var path []string
	for token := range strings.SplitSeq(e.Subject[1:], "/") {
		path = append(path, codegen.FieldName(token))
	}
	return fmt.Sprintf("func() (e %s) { e.%s = %q; return e }()", e.Go, strings.Join(path, "."), subject)
}

// Publish returns a statement that publishes the event.
func (e eventRef) Publish(id string) string {
	if e.Queue() {
		return fmt.Sprintf("tx.Remind(time.Minute, %s{%s: %s})", e.Go, e.Field, id)
	}
	return fmt.Sprintf("tx.Publish(%s{%s: %s})", e.Go, e.Field, id)
}

// Expected returns the event that a test expects.
func (e eventRef) Expected(id string) string {
	if e.Queue() {
		return fmt.Sprintf("eventingtest.Remind(time.Minute, %s{%s: %s})", e.Go, e.Field, id)
	}
	return fmt.Sprintf("%s{%s: %s}", e.Go, e.Field, id)
}

// handler is the handler of an event.
type handler struct {
	Event     eventRef
	Func      string
	Publishes []eventRef
}

// Announced returns the events that the handler publishes in the story.
func (h handler) Announced() []eventRef { return h.Publishes }

// route is a route of the HTTP API.
type route struct {
	Pattern, Method, Func, Parameter string
}

// Reads reports whether a request changes nothing.
func (r route) Reads() bool { return r.Method == "GET" || r.Method == "HEAD" }

// Concrete returns an example path for the route.
func (r route) Concrete() string {
	return parameter.ReplaceAllString(strings.TrimPrefix(r.Pattern, r.Method+" "), "a-1")
}

// serviceFile is the data of the service templates.
type serviceFile struct {
	Module, Name, Description string
	Runtime                   manifest.Runtime
	Store                     manifest.Store
	Package, Document, Noun   string // appointment, Appointment, appointment
	Subject                   string // appointmentId
	Handlers                  []handler
	Routes                    []route
	Publishes                 []eventRef
	TakePublishes             []eventRef // published by a request

	imports map[string]string // import lines, by folder of events
}

func (f serviceFile) Keeps() bool { return f.Store != manifest.None }

// Changes reports whether any request changes something.
func (f serviceFile) Changes() bool {
	return slices.ContainsFunc(f.Routes, func(r route) bool { return !r.Reads() })
}

func (f serviceFile) Contexts() bool { return len(f.Handlers) > 0 || f.Changes() && f.Keeps() }

func (f serviceFile) HTTPDomain() bool {
	return f.Changes() || f.Keeps() && slices.ContainsFunc(f.Routes, func(r route) bool { return r.Parameter != "" })
}

// published returns the events that the code publishes.
func (f serviceFile) published() (all []eventRef) {
	for _, h := range f.Handlers {
		all = append(all, h.Publishes...)
	}
	return append(all, f.TakePublishes...)
}

func (f serviceFile) Reminds() bool { return slices.ContainsFunc(f.published(), eventRef.Queue) }

func (f serviceFile) TestPublishes() bool { return len(f.published()) > 0 }

func (f serviceFile) TestEventing() bool { return f.Keeps() || f.Changes() }

// TakeAnnounced returns the events that a request publishes in the story.
func (f serviceFile) TakeAnnounced() []eventRef { return f.TakePublishes }

// Featured returns the handler that the first story exercises.
func (f serviceFile) Featured() *handler {
	at := slices.IndexFunc(f.Handlers, func(h handler) bool { return !h.Event.Queue() })
	if at < 0 {
		return nil
	}
	return &f.Handlers[at]
}

// FirstRoute returns the route that the first story exercises if there is no event.
func (f serviceFile) FirstRoute() *route {
	for i, r := range f.Routes {
		if !r.Reads() {
			return &f.Routes[i]
		}
	}
	if len(f.Routes) == 0 {
		return nil
	}
	return &f.Routes[0]
}

// Imports returns the packages of events that the code uses.
func (f serviceFile) Imports() []string { return slices.Sorted(maps.Values(f.imports)) }

// TestImports returns the packages that its test uses.
func (f serviceFile) TestImports() []string { return f.Imports() }

// Service plans the files of a service.
func (c *Checkout) Service(o ServiceOptions) (*Service, error) {
	if o.Runtime == "" {
		o.Runtime = manifest.Lambda
	}
	if o.Store == "" {
		o.Store = manifest.DynamoDB
	}
	if err := c.checkOptions(o); err != nil {
		return nil, err
	}
	s := &Service{Files: Files{}}
	contracts, err := c.contracts(o, s)
	if err != nil {
		return nil, err
	}
	f := c.describe(o, contracts)
	type file struct{ name, from string }
	folder := path.Join("services", o.Name)
	domain := path.Join(folder, "internal", f.Package, f.Package)
	files := []file{{folder + "/service.json", "service.json.tmpl"}, {folder + "/main.go", "main.go.tmpl"}}
	if len(f.Routes) > 0 {
		files = append(files, file{folder + "/http.go", "http.go.tmpl"})
	}
	if len(f.Handlers) > 0 || f.Changes() || f.Keeps() {
		files = append(files, file{domain + ".go", "domain.go.tmpl"})
	}
	if len(f.Handlers) > 0 || f.Changes() {
		files = append(files, file{domain + "_test.go", "domain_test.go.tmpl"})
	}
	if f.Featured() != nil || len(f.Routes) > 0 {
		files = append(files, file{"services/stories/" + o.Name + ".txtar", "story.txtar.tmpl"})
	}
	for _, file := range files {
		if err := s.Files.add(file.name, file.from, f); err != nil {
			return nil, err
		}
	}
	if _, err := manifest.Parse(folder+"/service.json", s.Files[folder+"/service.json"]); err != nil {
		return nil, err
	}
	s.advise(c, o, f, domain+".go", contracts)
	return s, nil
}

// checkOptions returns an error for each invalid option, with the valid values.
func (c *Checkout) checkOptions(o ServiceOptions) error {
	problems := []error{checkService("SERVICE", o.Name)}
	problem := func(wrong bool, format string, args ...any) {
		if wrong {
			problems = append(problems, fmt.Errorf(format, args...))
		}
	}
	problem(slices.Contains(c.Declared.Services(), o.Name), "%v", &ExistsError{"services/" + o.Name})
	problem(o.Runtime != manifest.Lambda && o.Runtime != manifest.Worker, "RUNTIME=%q is unknown: use lambda or worker", o.Runtime)
	problem(o.Store != manifest.DynamoDB && o.Store != manifest.SQL && o.Store != manifest.None, "STORE=%q is unknown: use dynamodb, sql or none", o.Store)
	problem(len(o.Subscribes)+len(o.HTTP) == 0, "nothing would start the service: name events with SUBSCRIBES=…, or a route with HTTP=\"POST /…\"")
	problem(o.Runtime == manifest.Worker && len(o.HTTP) > 0, "HTTP=… needs RUNTIME=lambda: on AWS the HTTP API only reaches functions")
	for i, pattern := range o.HTTP {
		problem(!validRoute.MatchString(pattern), "HTTP=%q is not a route: use GET, HEAD, POST, PUT, PATCH or DELETE and a path, as in \"POST /appointments\" or \"GET /appointments/{id}\"", pattern)
		problem(slices.Contains(o.HTTP[:i], pattern), "HTTP names %q twice", pattern)
		for _, m := range c.Declared.Manifests {
			problem(slices.Contains(m.HTTP, pattern), "HTTP=%q is already answered by %s", pattern, m.Name)
		}
	}
	return errors.Join(problems...)
}

// contracts returns the contracts of all events that a service names, and plans the missing ones.
func (c *Checkout) contracts(o ServiceOptions, s *Service) (map[string]schema.Event, error) {
	found := map[string]schema.Event{}
	var problems []error
	for _, name := range o.Publishes {
		if _, again := found[name]; again {
			continue
		}
		known, there := c.contract(name)
		switch {
		case there && known.Outside != nil:
			problems = append(problems, fmt.Errorf("PUBLISHES=%s: it comes from outside, and only %s publishes it", name, known.Outside.Source))
		case there && known.Producer != o.Name:
			problems = append(problems, fmt.Errorf("PUBLISHES=%s: only its producer, %s, may publish it", name, known.Producer))
		case there && known.Channel == events.Queue && !slices.Contains(o.Subscribes, name):
			problems = append(problems, fmt.Errorf("PUBLISHES=%s goes to the service's own queue: add it to SUBSCRIBES", name))
		case !there:
			files, made, err := c.Event(EventOptions{Type: name, Producer: o.Name})
			if err != nil {
				problems = append(problems, fmt.Errorf("PUBLISHES: %w", err))
				continue
			}
			maps.Copy(s.Files, files)
			s.Made = append(s.Made, name)
			known = made
		}
		found[name] = known
	}
	for i, name := range o.Subscribes {
		known, there := c.contract(name)
		_, own := found[name]
		switch {
		case slices.Contains(o.Subscribes[:i], name):
			problems = append(problems, fmt.Errorf("SUBSCRIBES names %s twice", name))
		case !there && !own:
			problems = append(problems, fmt.Errorf("SUBSCRIBES=%s: there is no such event; there are %s. make new EVENT=%[1]s creates it", name, c.types()))
		case there && known.Channel == events.Queue && known.Producer != o.Name:
			problems = append(problems, fmt.Errorf("SUBSCRIBES=%s is a reminder of %s to itself", name, known.Producer))
		case !own:
			found[name] = known
		}
	}
	return found, errors.Join(problems...)
}

func (c *Checkout) types() string {
	if len(c.Declared.Contracts) == 0 {
		return "none"
	}
	names := make([]string, len(c.Declared.Contracts))
	for i, e := range c.Declared.Contracts {
		names[i] = e.Type
	}
	slices.Sort(names)
	return strings.Join(names, ", ")
}

// describe returns the data for the templates.
func (c *Checkout) describe(o ServiceOptions, contracts map[string]schema.Event) serviceFile {
	f := serviceFile{Module: c.Module, Name: o.Name, Runtime: o.Runtime, Store: o.Store, imports: map[string]string{}}
	f.Noun = strings.ReplaceAll(o.Name, "-", "")
	if all := slices.Concat(o.Subscribes, o.Publishes); len(all) > 0 {
		subject := contracts[all[0]].Subject
		f.Noun = strings.TrimSuffix(subject[strings.LastIndex(subject, "/")+1:], "Id")
	}
	f.Package, f.Document, f.Subject = strings.ToLower(f.Noun), title(f.Noun), f.Noun+"Id"
	if token.IsKeyword(f.Package) || slices.Contains(unnamed, f.Package) {
		f.Package = "domain"
	}
	var published []eventRef
	for _, name := range o.Publishes {
		if known := contracts[name]; onlySubject(known) {
			published = append(published, f.refer(known))
		}
		f.Publishes = append(f.Publishes, eventRef{Event: contracts[name]})
	}
	publisher := -1
	for i, name := range o.Subscribes {
		known := contracts[name]
		f.Handlers = append(f.Handlers, handler{Event: f.refer(known), Func: "On" + codegen.TypeName(name)})
		if publisher < 0 && known.Channel != events.Queue {
			publisher = i
		}
	}
	for _, pattern := range o.HTTP {
		f.Routes = append(f.Routes, newRoute(pattern, f.Routes))
	}
	switch {
	case publisher >= 0:
		f.Handlers[publisher].Publishes = without(published, f.Handlers[publisher].Event.Type)
	case f.Changes():
		f.TakePublishes = published
	}
	f.prune()
	f.Description = f.sentence()
	return f
}

// without omits the event that a handler handles, which it would otherwise publish for ever.
func without(all []eventRef, eventType string) []eventRef {
	return slices.DeleteFunc(slices.Clone(all), func(e eventRef) bool { return e.Type == eventType })
}

// refer returns a reference to an event and imports its package.
func (f *serviceFile) refer(e schema.Event) eventRef {
	name := strings.ReplaceAll(e.Producer, "-", "")
	line := fmt.Sprintf("%q", f.Module+"/events/"+e.Producer)
	if name == f.Package || token.IsKeyword(name) || slices.Contains(unnamed, name) {
		name += "events"
		line = name + " " + line
	}
	f.imports[e.Producer] = line
	words := strings.Split(e.Type, ".")
	return eventRef{Event: e, Go: name + "." + e.Title, Field: codegen.FieldName(e.Subject), State: words[len(words)-2]}
}

// prune removes imports of events that the code doesn't use.
func (f *serviceFile) prune() {
	used := map[string]bool{}
	for _, e := range f.published() {
		used[e.Producer] = true
	}
	for _, h := range f.Handlers {
		used[h.Event.Producer] = true
	}
	maps.DeleteFunc(f.imports, func(producer, _ string) bool { return !used[producer] })
}

func (f *serviceFile) sentence() string {
	var takes []string
	for _, h := range f.Handlers {
		takes = append(takes, h.Event.Type)
	}
	for _, r := range f.Routes {
		takes = append(takes, r.Pattern)
	}
	text := "Takes " + strings.Join(takes, ", ")
	if len(text) > 250 {
		text = text[:strings.LastIndex(text[:250], ",")] + " and more"
	}
	return text + "."
}

func newRoute(pattern string, earlier []route) route {
	method, where, _ := strings.Cut(pattern, " ")
	r := route{Pattern: pattern, Method: method, Func: strings.ToLower(method)}
	if match := parameter.FindStringSubmatch(where); match != nil {
		r.Parameter = match[1]
	}
	for _, word := range strings.FieldsFunc(where, func(c rune) bool { return !('a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9') }) {
		if word == "id" {
			word = "ID"
		}
		r.Func += title(word)
	}
	if r.Func == strings.ToLower(method) {
		r.Func += "Root"
	}
	for slices.ContainsFunc(earlier, func(other route) bool { return other.Func == r.Func }) {
		r.Func += "2"
	}
	return r
}

// advise returns what is left to do.
func (s *Service) advise(c *Checkout, o ServiceOptions, f serviceFile, domain string, contracts map[string]schema.Event) {
	say := func(format string, args ...any) { s.Next = append(s.Next, fmt.Sprintf(format, args...)) }
	if _, there := s.Files[domain]; there {
		say("edit %s: what the service decides", domain)
	}
	for _, name := range s.Made {
		say("edit events/%s/%s.schema.json: the event's data; then make generate docs", o.Name, name)
	}
	for _, e := range f.Publishes {
		if !slices.ContainsFunc(f.published(), func(p eventRef) bool { return p.Type == e.Type }) {
			say("publish %s: tx.Publish(%s{…})", e.Type, strings.ReplaceAll(e.Producer, "-", "")+"."+e.Title)
		}
	}
	for _, name := range o.Subscribes {
		producer := contracts[name].Producer
		if contracts[name].Outside != nil || producer == o.Name && slices.Contains(o.Publishes, name) {
			continue
		}
		at := slices.IndexFunc(c.Declared.Manifests, func(m *manifest.Manifest) bool { return m.Name == producer })
		switch {
		case at < 0:
			say("create %s, which publishes %s and doesn't exist: make new SERVICE=%[1]s PUBLISHES=%[2]s HTTP=\"POST /…\"", producer, name)
		case !c.Declared.Manifests[at].MayPublish(name):
			say("add %s to \"publishes\" of services/%s/service.json: nobody publishes it", name, producer)
		}
	}
	say("make check test")
}

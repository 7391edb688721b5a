package wire

import (
	"bytes"
	"net/http"
	"net/url"
	"strings"
)

// MaxForm is the maximum size of a request in the query protocol, in bytes: SQS's 1 MiB with every byte escaped, in
// base64, with some room.
const MaxForm = 8 << 20

// ServeHTTP handles a request in the JSON or the query protocol.
func (s *Service) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.Header.Get("X-Amz-Target") != "" {
		s.ServeJSON(w, r)
		return
	}
	s.ServeQuery(w, r)
}

// ServeQuery handles a request in the query protocol: a form in, XML out.
func (s *Service) ServeQuery(w http.ResponseWriter, r *http.Request) {
	r.Body = http.MaxBytesReader(w, r.Body, MaxForm)
	if err := parseForm(r); err != nil {
		s.failQuery(w, Errorf("MalformedQueryString", "the form cannot be read: %v", err))
		return
	}
	if s.Namespace == "" {
		s.failJSON(w, r, Errorf("UnknownOperationException", "%s has JSON requests only, and this one has no X-Amz-Target header", s.Name))
		return
	}
	s.implyPath(r)
	name := r.Form.Get("Action")
	if name == "" {
		s.failQuery(w, Errorf("MissingAction", "the request is missing an Action parameter, and has no X-Amz-Target header"))
		return
	}
	if version := r.Form.Get("Version"); version != "" && !strings.HasSuffix(s.Namespace, "/"+version+"/") {
		s.failQuery(w, Errorf("NoSuchVersion", "the local cloud has no version %.100s of %s: its namespace is %s", version, s.Name, s.Namespace))
		return
	}
	out, err := s.run(r, name, func(in any) error { return DecodeQuery(r.Form, in) })
	if err != nil {
		s.failQuery(w, AsError(err))
		return
	}
	s.respondQuery(w, name, out)
}

// parseForm does the same as Request.ParseForm, but with reused buffers for the usual kind of request.
func parseForm(r *http.Request) (err error) {
	if r.URL.RawQuery != "" || r.Method != http.MethodPost || r.Header.Get("Content-Type") != "application/x-www-form-urlencoded" {
		return r.ParseForm()
	}
	buffer := bodies.Get().(*bytes.Buffer)
	defer recycle(buffer)
	if _, err := buffer.ReadFrom(r.Body); err != nil {
		return err
	}
	r.Form, err = url.ParseQuery(buffer.String())
	return err
}

// implyPath sets a parameter to the request's path, as SQS does.
func (s *Service) implyPath(r *http.Request) {
	if s.PathParameter != "" && r.URL.Path != "/" && !r.Form.Has(s.PathParameter) {
		r.Form.Set(s.PathParameter, r.URL.Path)
	}
}

// DecodeQuery decodes a form into a struct. By default, a parameter has the name of its field; `query:"…"` sets
// another name and the form of lists and maps:
//
//	Keys  []string                                        // Keys.member.1=a
//	Keys  []string          `query:"Key.N"`               // Key.1=a
//	Tags  map[string]string                               // Tags.entry.1.key=a&Tags.entry.1.value=b
//	Tags  map[string]string `query:"Tag.N.Key=Value"`     // Tag.1.Key=a&Tag.1.Value=b
//
// Bytes are in base64. A parameter without a field is an InvalidQueryParameter, a value that does not fit its field a
// MalformedInput.
func DecodeQuery(form url.Values, in any) error {
	root := &queryNode{}
	for name, values := range form {
		if isProtocol(name) {
			continue
		}
		if len(values) > 1 {
			return Errorf("MalformedInput", "the parameter %.200s must occur once", name)
		}
		if err := root.insert(name, values[0]); err != nil {
			return err
		}
	}
	return root.decodeInto(in)
}

// isProtocol reports whether a parameter belongs to the protocol or to a signature in the URL, rather than to the
// operation.
func isProtocol(name string) bool {
	return name == "Action" || name == "Version" || strings.HasPrefix(name, "X-Amz-")
}

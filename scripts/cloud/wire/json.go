package wire

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"strings"
	"sync"

	jsonv2 "github.com/go-json-experiment/json"
	jsonv1 "github.com/go-json-experiment/json/v1"
)

// Service is the table of operations of one AWS service, with its protocols.
type Service struct {
	Name       string // the name in its signatures: "sqs"
	Target     string // JSON: the part of X-Amz-Target before the dot: "AmazonSQS"
	Version    string // JSON: "1.0" or "1.1"
	Shapes     string // JSON: the namespace of error types: "com.amazonaws.sqs"
	Namespace  string // query: of the XML responses
	Operations []Operation

	PathParameter string // query: the parameter that a path other than / sets: "QueueUrl"
}

// MaxBody is the maximum size of a request, in bytes: Lambda's 50 MB zip in base64, with some room.
const MaxBody = 80 << 20

// ServeJSON handles a request in the JSON protocol.
func (s *Service) ServeJSON(w http.ResponseWriter, r *http.Request) {
	target := r.Header.Get("X-Amz-Target")
	of, name, _ := strings.Cut(target, ".")
	if of != s.Target || s.Target == "" { // of another service, or in a protocol that this one doesn't have
		s.failJSON(w, r, Errorf("UnknownOperationException", "the local cloud has no operation %.100s of %s", target, s.Name))
		return
	}
	out, err := s.run(r, name, func(in any) error { return DecodeJSON(r.Body, in) })
	if err != nil {
		s.failJSON(w, r, AsError(err))
		return
	}
	s.respondJSON(w, http.StatusOK, out)
}

func (s *Service) run(r *http.Request, name string, decode func(any) error) (any, error) {
	for _, op := range s.Operations {
		if op.Name == name {
			return op.Run(WithHost(r.Context(), r.Host), decode)
		}
	}
	e := Errorf("UnknownOperationException", "the local cloud has no operation %.100s of %s", name, s.Name)
	e.QueryCode = "InvalidAction"
	return nil, e
}

// DecodeJSON decodes a JSON document. Unknown members and malformed text are a SerializationException.
func DecodeJSON(body io.Reader, in any) error {
	buffer := bodies.Get().(*bytes.Buffer)
	defer recycle(buffer)
	raw, err := readInto(buffer, body)
	if err != nil {
		return err
	}
	if len(bytes.TrimSpace(raw)) == 0 {
		return nil
	}
	if err := jsonv2.Unmarshal(raw, in, strict); err != nil {
		if e, ok := errors.AsType[*Error](err); ok {
			return e // from a member's own unmarshaler
		}
		return Errorf("SerializationException", "%s", strings.TrimPrefix(err.Error(), "json: "))
	}
	return nil
}

// strict decodes JSON as encoding/json does, but in one pass, and rejects unknown members.
var strict = jsonv2.JoinOptions(jsonv1.DefaultOptionsV1(), jsonv2.RejectUnknownMembers(true))

// DecodeDocument decodes a JSON document that is the value of a parameter, such as a redrive policy. It rejects unknown
// and repeated members and, unlike DecodeJSON, names in another case.
func DecodeDocument(text string, into any) error {
	err := jsonv2.Unmarshal([]byte(text), into, jsonv2.RejectUnknownMembers(true))
	if e, ok := errors.AsType[*jsonv2.SemanticError](err); ok && errors.Is(err, jsonv2.ErrUnknownName) {
		return fmt.Errorf("unknown member %s", e.JSONPointer)
	}
	return err
}

// bodies holds buffers for request bodies. Decoding copies everything, so they can be reused.
var bodies = sync.Pool{New: func() any { return new(bytes.Buffer) }}

func recycle(buffer *bytes.Buffer) {
	if buffer.Cap() <= keep {
		buffer.Reset()
		bodies.Put(buffer)
	}
}

func readBody(body io.Reader) ([]byte, error) { return readInto(new(bytes.Buffer), body) }

func readInto(buffer *bytes.Buffer, body io.Reader) ([]byte, error) {
	if _, err := buffer.ReadFrom(io.LimitReader(body, MaxBody+1)); err != nil {
		return nil, Errorf("SerializationException", "the request ended early: %v", err)
	}
	if buffer.Len() > MaxBody {
		return nil, &Error{Code: "RequestEntityTooLargeException", Message: "the request is over the local cloud's limit", Status: http.StatusRequestEntityTooLarge}
	}
	return buffer.Bytes(), nil
}

// AsError returns the AWS error in err. Any other error becomes an InternalFailure.
func AsError(err error) *Error {
	if e, ok := errors.AsType[*Error](err); ok {
		return e
	}
	return &Error{Code: "InternalFailure", Message: err.Error(), Status: http.StatusInternalServerError}
}

func (s *Service) respondJSON(w http.ResponseWriter, status int, out any) {
	body, err := json.Marshal(out)
	if err != nil {
		status, body = http.StatusInternalServerError, []byte(`{"__type":"InternalFailure"}`)
	}
	Respond(w, status, "application/x-amz-json-"+s.Version, body)
}

func (s *Service) failJSON(w http.ResponseWriter, r *http.Request, e *Error) {
	body := map[string]any{"__type": s.Shapes + "#" + e.Code, "message": e.Message}
	maps.Copy(body, e.Members)
	if r.Header.Get("X-Amzn-Query-Mode") == "true" {
		w.Header().Set("X-Amzn-Query-Error", e.queryCode()+";"+e.fault())
	}
	s.respondJSON(w, e.status(), body)
}

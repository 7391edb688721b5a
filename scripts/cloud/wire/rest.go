package wire

import (
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"net/http"
	"reflect"
	"strconv"
	"strings"
	"time"
)

// REST is an AWS service with the REST JSON protocol.
type REST struct {
	Name   string // the name in its signatures: "lambda"
	Routes []Route

	// Error returns an error's body with the service's member names. If it is nil, the body is {"message": …}.
	Error func(*Error) any
}

// Route maps a pattern to an operation: "GET /2015-03-31/functions/{FunctionName}".
type Route struct {
	Pattern   string
	Status    int // on success
	Operation Operation
}

// Responder is an output that isn't a JSON document.
type Responder interface {
	Respond(w http.ResponseWriter)
}

// Handler serves the routes. Any other request fails with an error that names it.
func (s *REST) Handler() http.Handler {
	mux := http.NewServeMux()
	for _, route := range s.Routes {
		mux.HandleFunc(route.Pattern, func(w http.ResponseWriter, r *http.Request) { s.serve(w, r, route) })
	}
	mux.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) {
		s.fail(w, &Error{Code: "UnknownOperationException", Status: http.StatusNotFound,
			Message: fmt.Sprintf("the local cloud has no operation %s %.200s of %s", r.Method, r.URL.Path, s.Name)})
	})
	return trimSlash(mux)
}

// trimSlash removes a trailing slash from the path, which some clients send.
func trimSlash(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if trimmed := strings.TrimSuffix(r.URL.Path, "/"); trimmed != "" {
			r.URL.Path, r.URL.RawPath = trimmed, strings.TrimSuffix(r.URL.RawPath, "/")
		}
		next.ServeHTTP(w, r)
	})
}

func (s *REST) serve(w http.ResponseWriter, r *http.Request, route Route) {
	out, err := route.Operation.Run(WithHost(r.Context(), r.Host), func(in any) error { return decodeREST(r, in) })
	if err != nil {
		s.fail(w, AsError(err))
		return
	}
	if responder, ok := out.(Responder); ok {
		responder.Respond(w)
		return
	}
	if route.Status == http.StatusNoContent {
		w.WriteHeader(route.Status)
		return
	}
	s.respond(w, route.Status, out)
}

func (s *REST) fail(w http.ResponseWriter, e *Error) {
	w.Header().Set("X-Amzn-Errortype", e.Code)
	body := any(map[string]string{"message": e.Message})
	if s.Error != nil {
		body = s.Error(e)
	}
	s.respond(w, e.status(), body)
}

func (s *REST) respond(w http.ResponseWriter, status int, out any) {
	body, err := json.Marshal(out)
	if err != nil {
		status, body = http.StatusInternalServerError, []byte(`{"message":"the response cannot be encoded"}`)
	}
	Respond(w, status, "application/json", body)
}

// decodeREST decodes the body, and then the fields that come from elsewhere. A tag names their source, and json:"-"
// keeps them out of the body:
//
//	FunctionName string        `json:"-" path:"FunctionName"`
//	MaxItems     int           `json:"-" query:"MaxItems"`
//	TagKeys      []string      `json:"-" query:"TagKeys"` // ?TagKeys=a&TagKeys=b
//	LogType      string        `json:"-" header:"X-Amz-Log-Type"`
//	Payload      []byte `json:"-" payload:"true"` // the raw body
func decodeREST(r *http.Request, in any) error {
	v := reflect.ValueOf(in).Elem()
	payload, unknown := false, r.URL.Query()
	for _, field := range reflect.VisibleFields(v.Type()) {
		delete(unknown, field.Tag.Get("query"))
		if field.Tag.Get("payload") != "" {
			raw, err := readBody(r.Body)
			if err != nil {
				return err
			}
			payload = true
			v.FieldByIndex(field.Index).SetBytes(raw)
			continue
		}
		if name := field.Tag.Get("query"); name != "" && field.Type.Kind() == reflect.Slice {
			v.FieldByIndex(field.Index).Set(reflect.ValueOf(r.URL.Query()[name]))
			continue
		}
		if err := setText(v.FieldByIndex(field.Index), field.Name, textFor(r, field)); err != nil {
			return err
		}
	}
	for name := range unknown {
		return Errorf("SerializationException", "the operation has no parameter %.200s in its URL", name)
	}
	if payload {
		return nil
	}
	return DecodeJSON(r.Body, in)
}

// textFor returns the value that the request has for a field outside its body.
func textFor(r *http.Request, field reflect.StructField) string {
	if name := field.Tag.Get("path"); name != "" {
		return r.PathValue(name)
	}
	if name := field.Tag.Get("query"); name != "" {
		return r.URL.Query().Get(name)
	}
	if name := field.Tag.Get("header"); name != "" {
		return r.Header.Get(name)
	}
	return ""
}

func setText(v reflect.Value, name, text string) (err error) {
	if text == "" {
		return nil
	}
	switch v.Kind() {
	case reflect.String:
		v.SetString(text)
	case reflect.Int:
		var n int
		if n, err = strconv.Atoi(text); err == nil {
			v.SetInt(int64(n))
		}
	default:
		err = errors.New("the parameter has another type")
	}
	if err != nil {
		return Errorf("SerializationException", "%s cannot be %.100q: %v", name, text, err)
	}
	return nil
}

// Seconds is a time that the JSON protocols represent as Unix seconds with a fraction.
type Seconds time.Time

// MarshalJSON encodes the time with milliseconds.
func (s Seconds) MarshalJSON() ([]byte, error) {
	return strconv.AppendFloat(nil, float64(time.Time(s).UnixMilli())/1000, 'f', 3, 64), nil
}

// UnmarshalJSON decodes what MarshalJSON encoded.
func (s *Seconds) UnmarshalJSON(text []byte) error {
	seconds, err := strconv.ParseFloat(string(text), 64)
	*s = Seconds(time.UnixMilli(int64(math.Round(seconds * 1000))))
	return err
}

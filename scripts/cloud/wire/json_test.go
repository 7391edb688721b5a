package wire_test

import (
	"encoding/json"
	"errors"
	"io"
	"net/http/httptest"
	"reflect"
	"strings"
	"testing"

	"example.com/localcloud/wire"
)

func TestDecodeJSON(t *testing.T) {
	for name, test := range map[string]struct{ body, error string }{
		"nothing":             {"", ""},
		"an object":           {`{"Text": "a", "Keys": ["b"]}`, ""},
		"an unknown member":   {`{"Txt": "a"}`, `SerializationException: unknown field "Txt"`},
		"another type":        {`{"Count": "a"}`, "SerializationException: cannot unmarshal string into Go struct field everything.Count of type int"},
		"a list":              {`[]`, "SerializationException: cannot unmarshal array into Go value of type wire_test.everything"},
		"an end too early":    {`{"Text": "a`, "SerializationException: unexpected end of JSON input"},
		"no JSON":             {`<xml/>`, "SerializationException: invalid character '<' looking for beginning of value"},
		"what nests for ever": {strings.Repeat(`{"One":`, 20_000), "SerializationException: exceeded max depth"},
	} {
		t.Run(name, func(t *testing.T) {
			err := wire.DecodeJSON(strings.NewReader(test.body), new(everything))
			if err == nil && test.error == "" {
				return
			}
			if err == nil || err.Error() != test.error {
				t.Errorf("error %v, want %s", err, test.error)
			}
		})
	}
}

// zeros is an endless body.
type zeros struct{}

func (zeros) Read(p []byte) (int, error) { clear(p); return len(p), nil }

func TestABodyHasALimit(t *testing.T) {
	err := wire.DecodeJSON(zeros{}, new(everything))
	if e, ok := errors.AsType[*wire.Error](err); !ok || e.Code != "RequestEntityTooLargeException" {
		t.Errorf("an endless body: %v", err)
	}
}

// document has kinds of members that occur in JSON but not in forms.
type document struct {
	everything
	Renamed string           `json:"other,omitempty"`
	Hidden  string           `json:"-"`
	Few     int32            // bits
	Deep    *document        // recursive
	Listed  map[string][]int // nested
	Raw     json.RawMessage  // unmarshals itself
}

// FuzzDecodeJSON checks that no body panics, that every error is one for clients, and that the result equals that of
// encoding/json.
func FuzzDecodeJSON(f *testing.F) {
	f.Add(`{"Text": "a", "Keys": ["b"], "Tags": {"c": "d"}, "Blob": "aGk=", "Maybe": 1, "Parts": [{"Name": "e", "Size": 2}]}`)
	f.Add(`{"One": {"Name": null}, "Count": 1e3}`)
	f.Add(`{"Text": "\"\\\/\b\f\n\r\té", "other": "\u0041", "Flag": true, "Count": -12, "Pairs": {"a": {"Name": "b"}}, "Keys": []} x`)
	f.Add(`{"Deep": {"Deep": {"Flag": false, "Few": 2147483648}}, "Listed": {"a": [0, -0, 7]}, "Raw": {"a": 1}}`)
	f.Add(`{"text": "a", "Text": "b", "Text": "c", "Keys": ["a"], "Keys": [], "Count": 01}`)
	f.Fuzz(func(t *testing.T, body string) {
		in := document{Hidden: "as it was"}
		want := in
		decoder := json.NewDecoder(strings.NewReader(body))
		decoder.DisallowUnknownFields()
		wantErr := decoder.Decode(&want)
		if _, err := decoder.Token(); wantErr == nil && err != io.EOF {
			wantErr = errors.New("there is more")
		}
		err := wire.DecodeJSON(strings.NewReader(body), &in)
		if e, ok := errors.AsType[*wire.Error](err); err != nil && (!ok || e.Code == "" || e.Message == "") {
			t.Fatalf("not an error for clients: %v", err)
		}
		if empty := strings.TrimSpace(body) == ""; (err == nil) != (wantErr == nil || empty) {
			t.Fatalf("error %v, want %v", err, wantErr)
		}
		if err == nil && !reflect.DeepEqual(in, want) {
			t.Errorf("read %+v, want %+v", in, want)
		}
	})
}

// FuzzService checks that every request gets a response in its protocol: well-formed XML, or JSON.
func FuzzService(f *testing.F) {
	f.Add("", "/", "Action=Echo&Text=a%3Cb&Keys.member.1=k&Blob=aGk%3D")
	f.Add("", "/queue/a", "Action=Fail&Name=x")
	f.Add("Echo.Echo", "/", `{"Text": "<", "Tags": {"a": "b"}}`)
	f.Add("Echo.Nope", "/", `{`)
	f.Fuzz(func(t *testing.T, target, path, body string) {
		r := httptest.NewRequest("POST", "/", strings.NewReader(body))
		r.URL.Path = "/" + path
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		if target != "" {
			r.Header.Set("X-Amz-Target", target)
		}
		w := httptest.NewRecorder()
		echo().ServeHTTP(w, r)
		if w.Code >= 500 {
			t.Fatalf("%d %s", w.Code, w.Body)
		}
		if target != "" {
			if !strings.HasPrefix(w.Body.String(), "{") {
				t.Errorf("the response is not JSON: %s", w.Body)
			}
		} else if err := wellFormed(w.Body.String()); err != nil {
			t.Errorf("%v in %s", err, w.Body)
		}
	})
}

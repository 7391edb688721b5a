package wire_test

import (
	"errors"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"example.com/troupe/scripts/local/cloud/wire"
)

func TestDecodeJSON(t *testing.T) {
	for name, test := range map[string]struct{ body, error string }{
		"nothing":             {"", ""},
		"an object":           {`{"Text": "a", "Keys": ["b"]}`, ""},
		"an unknown member":   {`{"Txt": "a"}`, `SerializationException: unknown field "Txt"`},
		"another type":        {`{"Count": "a"}`, "SerializationException: cannot unmarshal string into Go struct field everything.Count of type int"},
		"a list":              {`[]`, "SerializationException: cannot unmarshal array into Go value of type wire_test.everything"},
		"an end too early":    {`{"Text": "a`, "SerializationException: unexpected EOF"},
		"no JSON":             {`<xml/>`, "SerializationException: invalid character '<' looking for beginning of value"},
		"what nests for ever": {strings.Repeat(`{"One":`, 20_000), "SerializationException: invalid character '{' exceeded max depth"},
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

// FuzzDecodeJSON holds that no body panics, that it fails with an error for clients, and that the same body reads alike.
func FuzzDecodeJSON(f *testing.F) {
	f.Add(`{"Text": "a", "Keys": ["b"], "Tags": {"c": "d"}, "Blob": "aGk=", "Maybe": 1, "Parts": [{"Name": "e", "Size": 2}]}`)
	f.Add(`{"One": {"Name": null}, "Count": 1e3}`)
	f.Fuzz(func(t *testing.T, body string) {
		var first, second everything
		if err := wire.DecodeJSON(strings.NewReader(body), &first); err != nil {
			if e, ok := errors.AsType[*wire.Error](err); !ok || e.Code == "" || e.Message == "" {
				t.Fatalf("not an error for clients: %v", err)
			}
			return
		}
		if err := wire.DecodeJSON(strings.NewReader(body), &second); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(first, second); diff != "" {
			t.Error(diff)
		}
	})
}

// FuzzService holds that whatever a request says, it is answered in its protocol: XML that is well formed, or JSON.
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
				t.Errorf("the answer is no JSON: %s", w.Body)
			}
		} else if err := wellFormed(w.Body.String()); err != nil {
			t.Errorf("%v in %s", err, w.Body)
		}
	})
}

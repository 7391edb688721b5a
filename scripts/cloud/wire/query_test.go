package wire_test

import (
	"context"
	"encoding/xml"
	"io"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"example.com/localcloud/wire"
)

type part struct {
	Name string
	Size *int
}

type everything struct {
	Text    string
	Flag    bool
	Count   int
	Maybe   *int
	Blob    []byte
	Keys    []string
	Flat    []string `query:"FlatKey.N"`
	Parts   []part
	Tags    map[string]string
	Pairs   map[string]part   `query:"Pairs.entry.N.Name=Value"`
	FlatMap map[string]string `query:"Attribute.N.Name=Value"`
	One     part
}

func TestDecodeQuery(t *testing.T) {
	for name, test := range map[string]struct {
		form  string
		want  everything
		error string
	}{
		"scalars":          {form: "Text=a+b&Flag=true&Count=-3&Maybe=0&Blob=aGk%3D", want: everything{Text: "a b", Flag: true, Count: -3, Maybe: new(0), Blob: []byte("hi")}},
		"protocol's own":   {form: "Action=X&Version=1&X-Amz-Date=now", want: everything{}},
		"list in order":    {form: "Keys.member.10=c&Keys.member.2=b&Keys.member.1=a", want: everything{Keys: []string{"a", "b", "c"}}},
		"empty list":       {form: "Keys=&FlatKey=&Tags=", want: everything{Keys: []string{}, Flat: []string{}, Tags: map[string]string{}}},
		"botocore's":       {form: "Flat=", want: everything{}},
		"flat list":        {form: "FlatKey.1=a&FlatKey.2=b", want: everything{Flat: []string{"a", "b"}}},
		"structures":       {form: "Parts.member.1.Name=a&Parts.member.1.Size=4&One.Name=z", want: everything{Parts: []part{{"a", new(4)}}, One: part{Name: "z"}}},
		"map":              {form: "Tags.entry.1.key=a&Tags.entry.1.value=b", want: everything{Tags: map[string]string{"a": "b"}}},
		"map of own names": {form: "Pairs.entry.1.Name=a&Pairs.entry.1.Value.Name=b", want: everything{Pairs: map[string]part{"a": {Name: "b"}}}},
		"flat map":         {form: "Attribute.1.Name=a&Attribute.1.Value=", want: everything{FlatMap: map[string]string{"a": ""}}},

		"unknown":             {form: "Txt=a", error: "InvalidQueryParameter: the operation has no parameter Txt"},
		"unknown inside":      {form: "Parts.member.1.Nme=a", error: "InvalidQueryParameter: the operation has no parameter Parts.member.1.Nme"},
		"not a number":        {form: "Count=x", error: "MalformedInput: the parameter Count must be a whole number"},
		"not a flag":          {form: "Flag=yes", error: "MalformedInput: the parameter Flag must be true or false"},
		"not base64":          {form: "Blob=%21", error: "MalformedInput: the parameter Blob must be base64"},
		"text for list":       {form: "Keys=a", error: "MalformedInput: the parameter Keys must be a list"},
		"list for text":       {form: "Text.1=a", error: "MalformedInput: the parameter Text must be a single value"},
		"text for structure":  {form: "One=a", error: "MalformedInput: the parameter One must be a structure"},
		"list without member": {form: "Keys.1=a", error: "MalformedInput: the parameter Keys must be a list: Keys.member.1"},
		"numbered from zero":  {form: "FlatKey.0=a", error: "MalformedInput: the parameter FlatKey.0 must be numbered from 1"},
		"numbered oddly":      {form: "FlatKey.1=a&FlatKey.01=b", error: "MalformedInput: the parameter FlatKey.01 must be numbered from 1"},
		"twice":               {form: "Text=a&Text=b", error: "MalformedInput: the parameter Text must occur once"},
		"a key twice":         {form: "Attribute.1.Name=a&Attribute.1.Value=b&Attribute.2.Name=a&Attribute.2.Value=c", error: "MalformedInput: the parameter Attribute.2 must be the only entry of .Name a"},
		"half an entry":       {form: "Attribute.1.Name=a", error: "MalformedInput: the parameter Attribute.1 must be an entry of .Name and .Value"},
		"too deep":            {form: "Text" + strings.Repeat(".a", 20) + "=b", error: "InvalidQueryParameter: the parameter Text.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a… nests too deep"},
	} {
		t.Run(name, func(t *testing.T) {
			form, err := url.ParseQuery(test.form)
			if err != nil {
				t.Fatal(err)
			}
			var got everything
			if err := wire.DecodeQuery(form, &got); err != nil || test.error != "" {
				if err == nil || err.Error() != test.error {
					t.Fatalf("error %v, want %s", err, test.error)
				}
				return
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// FuzzDecodeQuery checks that no form panics, and that decoding the same form twice gives the same result.
func FuzzDecodeQuery(f *testing.F) {
	f.Add("Text=a&Keys.member.1=b&Attribute.1.Name=c&Attribute.1.Value=d")
	f.Add("Pairs.entry.1.Name=a&Pairs.entry.1.Value.Size=9&Parts.member.1=&One.Name.x=1")
	f.Fuzz(func(t *testing.T, raw string) {
		form, err := url.ParseQuery(raw)
		if err != nil {
			return
		}
		var first, second everything
		if wire.DecodeQuery(form, &first) != nil {
			return
		}
		if err := wire.DecodeQuery(form, &second); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(first, second); diff != "" {
			t.Error(diff)
		}
	})
}

func echo() *wire.Service {
	return &wire.Service{
		Name: "echo", Target: "Echo", Version: "1.0", Namespace: "http://echo/2012-11-05/", PathParameter: "Text",
		Operations: []wire.Operation{
			wire.Op("Echo", func(_ context.Context, in *everything) (*everything, error) { return in, nil }, nil),
			wire.Op("Fail", func(context.Context, *part) (*part, error) {
				return nil, &wire.Error{Code: "NoSuch", QueryCode: "Old.NoSuch", Message: "no <such>", Status: 404}
			}, nil),
		},
	}
}

func TestServeQuery(t *testing.T) {
	for name, test := range map[string]struct {
		path, form string
		status     int
		want       string // the body without the ids
	}{
		"answer": {
			"/", "Action=Echo&Text=a%3Cb&Count=2&Maybe=3&Blob=aGk%3D&Keys.member.1=k&FlatKey.1=f&Tags.entry.1.key=x&Tags.entry.1.value=y&Attribute.1.Name=n&Attribute.1.Value=v&Parts.member.1.Name=p", 200,
			`<EchoResponse xmlns="http://echo/2012-11-05/"><EchoResult><Text>a&lt;b</Text><Flag>false</Flag><Count>2</Count><Maybe>3</Maybe><Blob>aGk=</Blob>` +
				`<Keys><member>k</member></Keys><FlatKey>f</FlatKey><Parts><member><Name>p</Name></member></Parts><Tags><entry><key>x</key><value>y</value></entry></Tags><Pairs></Pairs>` +
				`<Attribute><Name>n</Name><Value>v</Value></Attribute><One></One></EchoResult><ResponseMetadata></ResponseMetadata></EchoResponse>`,
		},
		"path as parameter": {
			"/1/jobs", "Action=Echo", 200,
			`<EchoResponse xmlns="http://echo/2012-11-05/"><EchoResult><Text>/1/jobs</Text><Flag>false</Flag><Count>0</Count><Keys></Keys><Parts></Parts><Tags></Tags><Pairs></Pairs><One></One></EchoResult><ResponseMetadata></ResponseMetadata></EchoResponse>`,
		},
		"error":             {"/", "Action=Fail", 404, `<ErrorResponse xmlns="http://echo/2012-11-05/"><Error><Type>Sender</Type><Code>Old.NoSuch</Code><Message>no &lt;such&gt;</Message></Error></ErrorResponse>`},
		"unknown operation": {"/", "Action=Nope", 400, `<ErrorResponse xmlns="http://echo/2012-11-05/"><Error><Type>Sender</Type><Code>InvalidAction</Code><Message>the local cloud has no operation Nope of echo</Message></Error></ErrorResponse>`},
		"no operation":      {"/", "", 400, `<ErrorResponse xmlns="http://echo/2012-11-05/"><Error><Type>Sender</Type><Code>MissingAction</Code><Message>the request is missing an Action parameter, and has no X-Amz-Target header</Message></Error></ErrorResponse>`},
		"its version":       {"/", "Action=Fail&Version=2012-11-05", 404, `<ErrorResponse xmlns="http://echo/2012-11-05/"><Error><Type>Sender</Type><Code>Old.NoSuch</Code><Message>no &lt;such&gt;</Message></Error></ErrorResponse>`},
		"another version":   {"/", "Action=Fail&Version=2009-02-01", 400, `<ErrorResponse xmlns="http://echo/2012-11-05/"><Error><Type>Sender</Type><Code>NoSuchVersion</Code><Message>the local cloud has no version 2009-02-01 of echo: its namespace is http://echo/2012-11-05/</Message></Error></ErrorResponse>`},
		"malformed form":    {"/", "Action=%zz", 400, `<ErrorResponse xmlns="http://echo/2012-11-05/"><Error><Type>Sender</Type><Code>MalformedQueryString</Code><Message>the form cannot be read: invalid URL escape &#34;%zz&#34;</Message></Error></ErrorResponse>`},
	} {
		t.Run(name, func(t *testing.T) {
			r := httptest.NewRequest("POST", test.path, strings.NewReader(test.form))
			r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
			w := httptest.NewRecorder()
			echo().ServeHTTP(w, r)
			body := w.Body.String()
			if err := wellFormed(body); err != nil {
				t.Fatalf("%v in %s", err, body)
			}
			id := "<RequestId>" + w.Header().Get("X-Amzn-Requestid") + "</RequestId>"
			if !strings.Contains(body, id) {
				t.Errorf("%s does not contain %s", body, id)
			}
			if diff := cmp.Diff(test.want, strings.Replace(body, id, "", 1)); diff != "" || w.Code != test.status {
				t.Errorf("status %d\n%s", w.Code, diff)
			}
		})
	}
}

func wellFormed(text string) error {
	decoder := xml.NewDecoder(strings.NewReader(text))
	for {
		if _, err := decoder.Token(); err == io.EOF {
			return nil
		} else if err != nil {
			return err
		}
	}
}

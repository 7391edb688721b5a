package apigateway_test

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/apigatewayv2"
	"github.com/aws/aws-sdk-go-v2/service/apigatewayv2/types"

	"example.com/localcloud/apigateway"
	"example.com/localcloud/wire"
)

// site is an HTTP API in front of a function that the test plays.
type site struct {
	response string
	err      error
	source   string          // as the function's policy sees it
	event    json.RawMessage // as the function receives it
}

func (s *site) invoke(_ context.Context, _, source string, payload []byte) ([]byte, error) {
	s.source, s.event = source, payload
	return []byte(s.response), s.err
}

// open creates the API with its routes and returns its URL.
func open(t *testing.T, s *site, routes ...string) (front string, client *apigatewayv2.Client, api *string) {
	t.Helper()
	service := apigateway.New(s.invoke)
	cloud := httptest.NewServer(service.Wire().Handler())
	t.Cleanup(cloud.Close)
	answering := httptest.NewServer(service.Front())
	t.Cleanup(answering.Close)
	client = apigatewayv2.New(apigatewayv2.Options{
		BaseEndpoint: &cloud.URL, Region: "us-east-1",
		Credentials: aws.CredentialsProviderFunc(func(context.Context) (aws.Credentials, error) {
			return aws.Credentials{AccessKeyID: "test", SecretAccessKey: "test"}, nil
		}),
	})
	made, err := client.CreateApi(t.Context(), &apigatewayv2.CreateApiInput{Name: aws.String("site"), ProtocolType: types.ProtocolTypeHttp})
	if err != nil {
		t.Fatal(err)
	}
	integration, err := client.CreateIntegration(t.Context(), &apigatewayv2.CreateIntegrationInput{
		ApiId: made.ApiId, IntegrationType: types.IntegrationTypeAwsProxy, PayloadFormatVersion: aws.String("2.0"),
		IntegrationUri: aws.String("arn:aws:lambda:us-east-1:000000000000:function:site"),
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, route := range routes {
		_, err := client.CreateRoute(t.Context(), &apigatewayv2.CreateRouteInput{
			ApiId: made.ApiId, RouteKey: &route, Target: aws.String("integrations/" + *integration.IntegrationId),
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	if _, err := client.CreateStage(t.Context(), &apigatewayv2.CreateStageInput{ApiId: made.ApiId, StageName: aws.String("$default"), AutoDeploy: aws.Bool(true)}); err != nil {
		t.Fatal(err)
	}
	return answering.URL, client, made.ApiId
}

func request(t *testing.T, method, url, body string, headers ...string) (*http.Response, string) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), method, url, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	for i := 0; i < len(headers); i += 2 {
		r.Header.Add(headers[i], headers[i+1])
	}
	response, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return response, string(text)
}

func TestRouting(t *testing.T) {
	s := &site{response: `{"statusCode": 200}`}
	front, _, _ := open(t, s, "GET /", "GET /jobs/{id}", "GET /jobs/all", "ANY /jobs/{id}", "POST /files/{path+}", "ANY /files/{path+}")
	for _, test := range []struct{ method, path, route, parameters string }{
		{"GET", "/", "GET /", ""},
		{"GET", "/jobs/o-1", "GET /jobs/{id}", `{"id":"o-1"}`},
		{"GET", "/jobs/all", "GET /jobs/all", ""},
		{"DELETE", "/jobs/o-1", "ANY /jobs/{id}", `{"id":"o-1"}`},
		{"POST", "/files/a/b", "POST /files/{path+}", `{"path":"a/b"}`},
		{"PUT", "/files/a%20b", "ANY /files/{path+}", `{"path":"a b"}`},
		{"GET", "/jobs", "", ""},
		{"GET", "/jobs/", "", ""},
		{"GET", "/jobs/o-1/lines", "", ""},
	} {
		s.event = nil
		response, body := request(t, test.method, front+test.path, "")
		var event struct {
			RouteKey       string
			PathParameters json.RawMessage
		}
		if s.event == nil {
			if test.route != "" || response.StatusCode != http.StatusNotFound || body != `{"message":"Not Found"}` {
				t.Errorf("%s %s: %d %s, not routed; want %q", test.method, test.path, response.StatusCode, body, test.route)
			}
			continue
		}
		if err := json.Unmarshal(s.event, &event); err != nil {
			t.Fatal(err)
		}
		if event.RouteKey != test.route || string(event.PathParameters) != test.parameters {
			t.Errorf("%s %s: route %q with %s; want %q with %s", test.method, test.path, event.RouteKey, event.PathParameters, test.route, test.parameters)
		}
	}
}

func TestEvent(t *testing.T) {
	s := &site{response: `{"statusCode": 200}`}
	front, _, api := open(t, s, "POST /jobs")
	type event struct {
		Version, RawPath, RawQueryString, Body string
		Cookies                                []string
		Headers, QueryStringParameters         map[string]string
		IsBase64Encoded                        bool
		RequestContext                         struct {
			APIID, Stage string
			HTTP         struct{ Method, SourceIP string }
		}
	}
	send := func(body string, headers ...string) (e event) {
		request(t, "POST", front+"/jobs?a=1&b=2&a=3", body, headers...)
		if err := json.Unmarshal(s.event, &e); err != nil {
			t.Fatal(err)
		}
		return e
	}
	e := send("{}", "Content-Type", "application/json", "X-Many", "1", "X-Many", "2", "Cookie", "c=1; d=2")
	for what, pair := range map[string][2]string{
		"version":    {e.Version, "2.0"},
		"path":       {e.RawPath, "/jobs"},
		"client":     {e.Headers["x-forwarded-for"], "127.0.0.1"},
		"protocol":   {e.Headers["x-forwarded-proto"], "http"},
		"port":       {"http://127.0.0.1:" + e.Headers["x-forwarded-port"], front},
		"query":      {e.RawQueryString, "a=1&b=2&a=3"},
		"parameters": {e.QueryStringParameters["a"] + "|" + e.QueryStringParameters["b"], "1,3|2"},
		"headers":    {e.Headers["x-many"] + "|" + e.Headers["cookie"], "1,2|"},
		"cookies":    {strings.Join(e.Cookies, "|"), "c=1|d=2"},
		"body":       {e.Body, "{}"},
		"api":        {e.RequestContext.APIID + e.RequestContext.Stage, *api + "$default"},
		"method":     {e.RequestContext.HTTP.Method, "POST"},
		"ip":         {e.RequestContext.HTTP.SourceIP, "127.0.0.1"},
		"source":     {s.source, "arn:aws:execute-api:us-east-1:000000000000:" + *api + "/$default/POST/jobs"},
	} {
		if pair[0] != pair[1] {
			t.Errorf("%s = %q, want %q", what, pair[0], pair[1])
		}
	}
	if trace := e.Headers["x-amzn-trace-id"]; !regexp.MustCompile(`^Root=1-[0-9a-f]{8}-[0-9a-f]{24}$`).MatchString(trace) {
		t.Errorf("the trace is %q", trace)
	}
	if e := send("", "X-Forwarded-For", "192.0.2.1", "X-Forwarded-Proto", "ftp", "X-Amzn-Trace-Id", "Root=1"); e.Headers["x-forwarded-for"] != "192.0.2.1, 127.0.0.1" ||
		e.Headers["x-forwarded-proto"] != "http" || e.Headers["x-amzn-trace-id"] != "Root=1" {
		t.Errorf("behind a proxy the headers are %v", e.Headers)
	}
	if e := send("\xff\x00", "Content-Type", "image/png"); !e.IsBase64Encoded || e.Body != "/wA=" {
		t.Errorf("a picture arrived as %q, base64 %v", e.Body, e.IsBase64Encoded)
	}
}

// TestPath checks that a path arrives decoded (captures in honojs/hono#2156 and middleapi/standard-server#93).
func TestPath(t *testing.T) {
	s := &site{response: `{"statusCode": 200}`}
	front, _, _ := open(t, s, "GET /jobs/{id}", "$default")
	for path, want := range map[string]string{
		"/jobs/100%25": "/jobs/100%", "/jobs/100%2525": "/jobs/100%25", "/jobs/a%20b+c": "/jobs/a b+c", "/jobs/%40id%2Fa%23b.txt": "/jobs/@id/a#b.txt",
		"/jobs/%C3%A9": "/jobs/é", "/jobs/": "/jobs/", "/users/me%3Fadmin=true": "/users/me",
	} {
		request(t, "GET", front+path, "")
		var e struct {
			RawPath        string
			RequestContext struct{ HTTP struct{ Path string } }
		}
		if err := json.Unmarshal(s.event, &e); err != nil {
			t.Fatal(err)
		}
		if e.RawPath != want || e.RequestContext.HTTP.Path != want {
			t.Errorf("%s arrived as %q and %q, want %q", path, e.RawPath, e.RequestContext.HTTP.Path, want)
		}
	}
}

func TestAnswers(t *testing.T) {
	s := &site{}
	front, _, _ := open(t, s, "$default")
	const internal = `{"message":"Internal Server Error"}`
	for _, test := range []struct {
		name, answer string
		err          error
		status       int
		body         string
		header       [2]string
	}{
		{"whole", `{"statusCode": 202, "headers": {"location": "/jobs/1", "x-n": 5}, "body": "hi"}`, nil, 202, "hi", [2]string{"Location", "/jobs/1"}},
		{"number in a header", `{"statusCode": 200, "headers": {"x-n": 5}}`, nil, 200, "", [2]string{"X-N", "5"}},
		{"a large number in a header", `{"statusCode": 200, "headers": {"x-n": 5000000, "x-o": true}}`, nil, 200, "", [2]string{"X-N", "5000000"}},
		{"a list in a header", `{"statusCode": 200, "headers": {"x-n": [1], "location": "/"}}`, nil, 500, internal, [2]string{"X-N", ""}},
		{"nothing in a header", `{"statusCode": 200, "headers": {"x-n": null}}`, nil, 500, internal, [2]string{}},
		{"members in other letters", `{"statusCode": 200, "Body": "hi"}`, nil, 200, "", [2]string{}},
		{"cookies", `{"statusCode": 200, "cookies": ["a=1"]}`, nil, 200, "", [2]string{"Set-Cookie", "a=1"}},
		{"base64", `{"statusCode": 200, "body": "aGk=", "isBase64Encoded": true}`, nil, 200, "hi", [2]string{}},
		{"plain", `{"jobId": "o-1"}`, nil, 200, `{"jobId": "o-1"}`, [2]string{"Content-Type", "application/json"}},
		{"text", `"hello"`, nil, 200, "hello", [2]string{}},
		{"no JSON", `hello`, nil, 500, internal, [2]string{}},
		{"no status", `{"statusCode": "x"}`, nil, 500, internal, [2]string{}},
		{"function failed", "", errors.New("exit status 1"), 500, internal, [2]string{}},
		{"too large for the function", "", &wire.Error{Status: 413}, 413, `{"message":"Request Entity Too Large"}`, [2]string{}},
		{"too slow", "", context.DeadlineExceeded, 503, `{"message":"Service Unavailable"}`, [2]string{}},
	} {
		t.Run(test.name, func(t *testing.T) {
			s.response, s.err = test.answer, test.err
			response, body := request(t, "GET", front+"/", "")
			if response.StatusCode != test.status || body != test.body {
				t.Errorf("%d %s; want %d %s", response.StatusCode, body, test.status, test.body)
			}
			if got := response.Header.Get(test.header[0]); test.header[0] != "" && got != test.header[1] {
				t.Errorf("%s = %q, want %q", test.header[0], got, test.header[1])
			}
		})
	}
}

func TestRefusals(t *testing.T) {
	front, client, api := open(t, &site{}, "GET /jobs")
	route := func(key string) error {
		_, err := client.CreateRoute(t.Context(), &apigatewayv2.CreateRouteInput{ApiId: api, RouteKey: &key, Target: aws.String("integrations/none")})
		return err
	}
	integrate := func(uri, method string) error {
		in := &apigatewayv2.CreateIntegrationInput{ApiId: api, IntegrationType: types.IntegrationTypeAwsProxy, PayloadFormatVersion: aws.String("2.0"), IntegrationUri: &uri}
		if method != "" {
			in.IntegrationMethod = &method
		}
		_, err := client.CreateIntegration(t.Context(), in)
		return err
	}
	for _, uri := range []string{"arn:aws:lambda:us-east-1:000000000000:function:site:$LATEST",
		"arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/arn:aws:lambda:us-east-1:000000000000:function:site/invocations"} {
		if err := integrate(uri, "POST"); err != nil {
			t.Errorf("%s: %v", uri, err)
		}
	}
	_, paged := client.GetApis(t.Context(), &apigatewayv2.GetApisInput{NextToken: aws.String("2")})
	_, noAPI := client.GetRoutes(t.Context(), &apigatewayv2.GetRoutesInput{ApiId: aws.String("nope")})
	_, websocket := client.CreateApi(t.Context(), &apigatewayv2.CreateApiInput{Name: aws.String("ws"), ProtocolType: types.ProtocolTypeWebsocket})
	_, unknown := client.CreateVpcLink(t.Context(), &apigatewayv2.CreateVpcLinkInput{Name: aws.String("v"), SubnetIds: []string{"s"}})
	for what, test := range map[string]struct {
		err  error
		says string
	}{
		"no such target": {route("GET /x"), "integrations/none"},
		"method":         {route("FETCH /x"), "route key"},
		"no path":        {route("GET"), "route key"},
		"no slash":       {route("GET x"), "route key"},
		"a fallback":     {route("$disconnect"), "route key"},
		// serverless/serverless#10423, aws/serverless-application-model#1949
		"a slash at the end": {route("GET /x/"), "path parts"},
		"a slash alone":      {route("GET //"), "path parts"},
		"two slashes":        {route("GET /x//y"), "path parts"},
		"text and variable":  {route("GET /a{b}"), "path parts"},
		"variable and text":  {route("GET /{id}.json"), "path parts"},
		"two variables":      {route("GET /{a}{b}"), "path parts"},
		"an open brace":      {route("GET /{a"), "path parts"},
		"a closing brace":    {route("GET /a}"), "path parts"},
		"no name":            {route("GET /{}"), "path parts"},
		"no greedy name":     {route("GET /{+}"), "path parts"},
		"a space":            {route("GET /x y"), "path parts"},
		"a query":            {route("GET /x?y=1"), "path parts"},
		"a variable twice":   {route("GET /{a}/x/{a}"), "twice"},
		"elsewhere":          {integrate("arn:aws:lambda:eu-west-1:000000000000:function:site", ""), "eu-west-1"},
		"another account":    {integrate("arn:aws:lambda:us-east-1:999999999999:function:site", ""), "999999999999"},
		"no function":        {integrate("arn:aws:lambda:us-east-1:000000000000:layer:site", ""), "layer:site"},
		"another service":    {integrate("arn:aws:sqs:us-east-1:000000000000:site", ""), "sqs"},
		"a version":          {integrate("arn:aws:lambda:us-east-1:000000000000:function:site:7", ""), "$LATEST"},
		"half a URI":         {integrate("/functions/arn:aws:lambda:us-east-1:000000000000:function:site", ""), "Invalid function ARN"},
		"another region":     {integrate("arn:aws:apigateway:eu-west-1:lambda:path/2015-03-31/functions/arn:aws:lambda:us-east-1:000000000000:function:site/invocations", ""), "Invalid function ARN"},
		"another method":     {integrate("arn:aws:lambda:us-east-1:000000000000:function:site", "GET"), "IntegrationMethod"},
		"a parameter":        {paged, "nextToken"},
		"greedy":             {route("GET /{a+}/b"), "last segment"},
		"no such API":        {noAPI, "NotFoundException"},
		"WebSocket":          {websocket, "HTTP APIs only"},
		"no operation":       {unknown, "/v2/vpclinks"},
	} {
		if test.err == nil || !strings.Contains(test.err.Error(), test.says) {
			t.Errorf("%s: %v; want %q in it", what, test.err, test.says)
		}
	}
	if response, _ := request(t, "POST", front+"/jobs", strings.Repeat("x", 10<<20+1)); response.StatusCode != http.StatusNotFound {
		t.Errorf("another method: %d", response.StatusCode)
	}
	if _, err := client.DeleteApi(t.Context(), &apigatewayv2.DeleteApiInput{ApiId: api}); err != nil {
		t.Error(err)
	}
	if response, _ := request(t, "GET", front+"/jobs", ""); response.StatusCode != http.StatusNotFound {
		t.Errorf("after its deletion the API responds with %d", response.StatusCode)
	}
}

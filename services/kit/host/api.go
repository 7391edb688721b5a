package host

import (
	"bytes"
	"context"
	"encoding/base64"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"
	"unicode/utf8"

	"example.com/troupe/services/kit/web"
	lambdaevents "github.com/aws/aws-lambda-go/events"
)

// serveAPI answers an event of the HTTP API, payload format 2.0.
func (f *function) serveAPI(ctx context.Context, event lambdaevents.APIGatewayV2HTTPRequest) (lambdaevents.APIGatewayV2HTTPResponse, error) {
	r, err := apiRequest(ctx, event)
	if err != nil {
		return lambdaevents.APIGatewayV2HTTPResponse{}, fmt.Errorf("decode HTTP API event: %w", err)
	}
	return apiResponse(web.Record(f.router, r)), nil
}

// apiRequest returns the request that an event stands for. Its principal is the one that the
// API's authorizer has checked.
func apiRequest(ctx context.Context, event lambdaevents.APIGatewayV2HTTPRequest) (*http.Request, error) {
	body := []byte(event.Body)
	if event.IsBase64Encoded {
		var err error
		if body, err = base64.StdEncoding.DecodeString(event.Body); err != nil {
			return nil, fmt.Errorf("decode the body: %w", err)
		}
	}
	about := event.RequestContext
	if by := about.Authorizer; by != nil && by.JWT != nil && by.JWT.Claims["sub"] != "" {
		ctx = web.WithPrincipal(ctx, by.JWT.Claims["sub"])
	}
	ctx = web.WithArrival(ctx, time.UnixMilli(about.TimeEpoch))
	r, err := http.NewRequestWithContext(ctx, strings.ToUpper(about.HTTP.Method), "/", bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	*r.URL = *apiURL(event)
	r.Host, r.RemoteAddr, r.RequestURI = about.DomainName, about.HTTP.SourceIP, r.URL.RequestURI()
	for name, value := range event.Headers {
		r.Header.Set(name, value) // several values of a name are joined by commas
	}
	if len(event.Cookies) > 0 {
		r.Header.Set("Cookie", strings.Join(event.Cookies, "; "))
	}
	return r, nil
}

// apiURL returns the URL of a request. The API sends its path decoded: a%2Fb and a/b look the
// same in rawPath, 100%25 and 100% too. But it says which route it chose and what stood in the
// place of each parameter: so the path is made of these.
func apiURL(event lambdaevents.APIGatewayV2HTTPRequest) *url.URL {
	u := &url.URL{Path: event.RawPath, RawQuery: event.RawQueryString}
	_, pattern, _ := strings.Cut(event.RouteKey, " ")
	if !strings.HasPrefix(pattern, "/") {
		return u // the route $default
	}
	segments := strings.Split(pattern, "/")
	for i, segment := range segments {
		if name, isParameter := strings.CutPrefix(segment, "{"); isParameter {
			value, given := event.PathParameters[strings.TrimSuffix(name, "}")]
			if !given {
				return u
			}
			segments[i] = escape(value)
		}
	}
	u.RawPath = strings.Join(segments, "/")
	u.Path, _ = url.PathUnescape(u.RawPath) // it was escaped here
	return u
}

// escape returns a value as a segment of a path, and one that is not taken for . or ..
func escape(value string) string {
	if value == "." || value == ".." {
		return strings.ReplaceAll(value, ".", "%2E")
	}
	return url.PathEscape(value)
}

// apiResponse returns an answer as the HTTP API takes it.
func apiResponse(status int, header http.Header, body []byte) lambdaevents.APIGatewayV2HTTPResponse {
	out := lambdaevents.APIGatewayV2HTTPResponse{StatusCode: status, Headers: map[string]string{}, Cookies: header.Values("Set-Cookie"), Body: string(body)}
	for name, values := range header {
		if name != "Set-Cookie" {
			out.Headers[name] = strings.Join(values, ",")
		}
	}
	if !utf8.Valid(body) {
		out.Body, out.IsBase64Encoded = base64.StdEncoding.EncodeToString(body), true
	}
	return out
}

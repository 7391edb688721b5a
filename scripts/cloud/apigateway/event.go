package apigateway

import (
	"crypto/rand"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"mime"
	"net"
	"net/http"
	"strings"
	"time"
	"unicode/utf8"

	"example.com/localcloud/requestid"
	"example.com/localcloud/wire"
)

// event is the request that a function receives, in payload format 2.0
// (docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html).
type event struct {
	Version               string            `json:"version"`
	RouteKey              string            `json:"routeKey"`
	RawPath               string            `json:"rawPath"`
	RawQueryString        string            `json:"rawQueryString"`
	Cookies               []string          `json:"cookies,omitempty"`
	Headers               map[string]string `json:"headers"`
	QueryStringParameters map[string]string `json:"queryStringParameters,omitempty"`
	RequestContext        requestContext    `json:"requestContext"`
	PathParameters        map[string]string `json:"pathParameters,omitempty"`
	Body                  string            `json:"body,omitempty"`
	IsBase64Encoded       bool              `json:"isBase64Encoded"`
}

type requestContext struct {
	AccountID    string      `json:"accountId"`
	APIID        string      `json:"apiId"`
	DomainName   string      `json:"domainName"`
	DomainPrefix string      `json:"domainPrefix"`
	HTTP         httpContext `json:"http"`
	RequestID    string      `json:"requestId"`
	RouteKey     string      `json:"routeKey"`
	Stage        string      `json:"stage"`
	Time         string      `json:"time"`
	TimeEpoch    int64       `json:"timeEpoch"` // milliseconds
}

type httpContext struct {
	Method    string `json:"method"`
	Path      string `json:"path"`
	Protocol  string `json:"protocol"`
	SourceIP  string `json:"sourceIp"`
	UserAgent string `json:"userAgent"`
}

// timeLayout is the format of a request's time, which is that of Apache's log.
const timeLayout = "02/Jan/2006:15:04:05 -0700"

func newEvent(apiID string, route Route, variables map[string]string, r *http.Request, body []byte) ([]byte, error) {
	at := time.Now().UTC()
	ip, _, _ := net.SplitHostPort(r.RemoteAddr)
	path, _, _ := strings.Cut(r.URL.Path, "?") // decoded, and cut: see captures in middleapi/standard-server#93, honojs/hono#2156
	e := event{
		Version: "2.0", RouteKey: route.RouteKey, RawPath: path, RawQueryString: r.URL.RawQuery,
		Headers: map[string]string{"host": r.Host}, QueryStringParameters: joined(r.URL.Query()), PathParameters: variables,
		RequestContext: requestContext{
			AccountID: wire.Account, APIID: apiID, DomainName: r.Host, DomainPrefix: apiID,
			HTTP:      httpContext{r.Method, path, r.Proto, ip, r.UserAgent()},
			RequestID: requestid.New(), RouteKey: route.RouteKey, Stage: defaultStage,
			Time: at.Format(timeLayout), TimeEpoch: at.UnixMilli(),
		},
	}
	for name, values := range r.Header {
		if name == "Cookie" {
			e.Cookies = cookies(values)
			continue
		}
		e.Headers[strings.ToLower(name)] = strings.Join(values, ",")
	}
	forwarded(e.Headers, r, ip)
	e.Body, e.IsBase64Encoded = encodeBody(r.Header.Get("Content-Type"), body)
	return json.Marshal(e)
}

// forwarded adds the headers that API Gateway adds (developer guide, the example of payload format 2.0). They describe
// the connection of the client, which is HTTP here.
func forwarded(headers map[string]string, r *http.Request, ip string) {
	const from, proto, trace = "x-forwarded-for", "x-forwarded-proto", "x-amzn-trace-id"
	if before := headers[from]; before != "" {
		ip = before + ", " + ip
	}
	headers[from], headers[proto], headers["x-forwarded-port"] = ip, "http", "80"
	if r.TLS != nil {
		headers[proto], headers["x-forwarded-port"] = "https", "443"
	}
	if _, port, err := net.SplitHostPort(r.Host); err == nil {
		headers["x-forwarded-port"] = port
	}
	if headers[trace] == "" {
		id := make([]byte, 12)
		_, _ = rand.Read(id) // crypto/rand.Read never fails
		headers[trace] = fmt.Sprintf("Root=1-%08x-%x", time.Now().Unix(), id)
	}
}

// joined returns the parameters of a query. Repeated ones are joined by commas.
func joined(values map[string][]string) map[string]string {
	out := map[string]string{}
	for name, all := range values {
		out[name] = strings.Join(all, ",")
	}
	return out
}

func cookies(values []string) (all []string) {
	for _, value := range values {
		for cookie := range strings.SplitSeq(value, ";") {
			all = append(all, strings.TrimSpace(cookie))
		}
	}
	return all
}

// encodeBody returns the body as text if its content type is textual, otherwise in base64. API Gateway does not treat
// a form as text.
func encodeBody(contentType string, body []byte) (text string, encoded bool) {
	kind, _, _ := mime.ParseMediaType(contentType)
	textual := strings.HasPrefix(kind, "text/") || strings.HasSuffix(kind, "json") || strings.HasSuffix(kind, "xml") || strings.HasSuffix(kind, "javascript")
	if len(body) == 0 || textual && utf8.Valid(body) {
		return string(body), false
	}
	return base64.StdEncoding.EncodeToString(body), true
}

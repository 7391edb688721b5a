package eventbridge_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	awseb "github.com/aws/aws-sdk-go-v2/service/eventbridge"

	"example.com/localcloud/wire"
)

// TestOutside plays S3 and a partner: rules of their buses forward what arrives to another bus, under the id that it had.
func TestOutside(t *testing.T) {
	service, kept, _ := start(t)
	server := httptest.NewServer(service.Wire())
	t.Cleanup(server.Close)
	client := awseb.New(awseb.Options{Region: "us-east-1", BaseEndpoint: &server.URL, Credentials: aws.AnonymousCredentials{}})
	const partner = "aws.partner/example.com/shop"
	ours, err := client.CreateEventBus(t.Context(), &awseb.CreateEventBusInput{Name: aws.String("ours")})
	if err != nil {
		t.Fatal(err)
	}
	for name, source := range map[string]string{partner: "", partner + "/x": partner, "shop": "shop", "aws.partner/shop": "aws.partner/shop"} {
		if _, err := client.CreateEventBus(t.Context(), &awseb.CreateEventBusInput{Name: &name, EventSourceName: &source}); err == nil {
			t.Errorf("bus %s of the event source %q", name, source)
		}
	}
	if _, err := client.CreateEventBus(t.Context(), &awseb.CreateEventBusInput{Name: aws.String(partner), EventSourceName: aws.String(partner)}); err != nil {
		t.Fatal(err)
	}
	rule(t, client, "ours", "all", `{"source": [{"prefix": "aws."}]}`, target("q", queueARN))
	for _, bus := range []string{"default", partner} {
		rule(t, client, bus, "forward", `{"source": [{"prefix": "aws."}]}`, target("bus", *ours.EventBusArn))
	}
	arrive := func(caller wire.Caller, body string) string {
		w := httptest.NewRecorder()
		r := httptest.NewRequest(http.MethodPost, "/", strings.NewReader(body))
		r.Header.Set("X-Amz-Target", "Outside.Arrive")
		service.WireOutside().ServeHTTP(w, r.WithContext(wire.WithCaller(context.Background(), caller)))
		return w.Body.String()
	}
	root := wire.CallerOf(context.Background())
	for body, want := range map[string]string{
		`{"Id": "e-1", "Event": {"Source": "aws.s3", "DetailType": "Object Created", "Detail": "{}"}}`:                                   `{"EventId":"e-1"}`,
		`{"Id": "e-2", "Event": {"EventBusName": "` + partner + `", "Source": "` + partner + `", "DetailType": "sale", "Detail": "{}"}}`: `{"EventId":"e-2"}`,
		`{"Event": {"Source": "aws.s3", "DetailType": "Object Created", "Detail": "[]"}}`:                                                "MalformedDetail",
		`{"Event": {"EventBusName": "none", "Source": "aws.s3", "DetailType": "x", "Detail": "{}"}}`:                                     "ResourceNotFoundException",
		`{"Event": {"Source": "aws.s3"}, "Unheard": 1}`:                                                                                  "Unheard",
	} {
		if got := arrive(root, body); !strings.Contains(got, want) {
			t.Errorf("%s: got %s, want %s", body, got, want)
		}
	}
	if got := arrive(caller{}, `{"Event": {"Source": "aws.s3", "DetailType": "x", "Detail": "{}"}}`); !strings.Contains(got, "AccessDenied") {
		t.Errorf("a role plays AWS: %s", got)
	}
	arrived := strings.Join(kept.bodies()[queueARN], "\n")
	if strings.Count(arrived, "\n") != 1 || !strings.Contains(arrived, `"id":"e-1","detail-type":"Object Created","source":"aws.s3"`) || !strings.Contains(arrived, `"id":"e-2","detail-type":"sale"`) {
		t.Errorf("forwarded were\n%s", arrived)
	}
}

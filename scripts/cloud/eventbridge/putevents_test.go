package eventbridge_test

import (
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	awseb "github.com/aws/aws-sdk-go-v2/service/eventbridge"
	"github.com/aws/aws-sdk-go-v2/service/eventbridge/types"
	"github.com/google/go-cmp/cmp"

	"example.com/localcloud/tap"
	"example.com/localcloud/wire"
)

func TestEventShape(t *testing.T) {
	client, kept, _ := serve(t)
	arn := rule(t, client, "default", "r", `{"source":["app"],"detail":{"n":[1]}}`, target("q", queueARN))
	at := time.Date(2026, 1, 2, 3, 4, 5, 600e6, time.UTC)
	out, err := client.PutEvents(t.Context(), &awseb.PutEventsInput{Entries: []types.PutEventsRequestEntry{{
		Source: aws.String("app"), DetailType: aws.String(`a "type" <b>`), Detail: aws.String(` { "n" : 1.0, "deep": {"x": [ ]} } `),
		Time: &at, Resources: []string{"arn:x"}, TraceHeader: aws.String("Root=1"),
	}}})
	if err != nil || out.FailedEntryCount != 0 {
		t.Fatal(out, err)
	}
	arrived := kept.take()
	if len(arrived) != 1 || arrived[0].To != queueARN || arrived[0].Service != "events.amazonaws.com" || arrived[0].Source != arn {
		t.Fatalf("%+v", arrived)
	}
	want := `{"version":"0","id":"` + *out.Entries[0].EventId + `","detail-type":"a \"type\" <b>","source":"app","account":"000000000000",` +
		`"time":"2026-01-02T03:04:05Z","region":"us-east-1","resources":["arn:x"],"detail":{"n":1.0,"deep":{"x":[]}}}`
	if got := string(arrived[0].Body); got != want {
		t.Errorf(" got %s\nwant %s", got, want)
	}
}

func TestEntriesFailOneByOne(t *testing.T) {
	client, kept, _ := serve(t)
	rule(t, client, "default", "r", everything, target("q", queueARN))
	entry := func(source, kind, detail, bus string) types.PutEventsRequestEntry {
		e := types.PutEventsRequestEntry{EventBusName: &bus, Source: &source, DetailType: &kind, Detail: &detail}
		return e
	}
	out, err := client.PutEvents(t.Context(), &awseb.PutEventsInput{Entries: []types.PutEventsRequestEntry{
		entry("", "t", "{}", ""), entry("s", "", "{}", ""), entry("s", "t", "", ""), entry("aws.s3", "t", "{}", ""), entry("s", "t", "[]", ""),
		entry("s", "t", `{"a"`, ""), entry("s", "t", `"{}"`, ""), entry("s", "t", "{}", "none"), entry("s", "t", "{}", "default"),
	}})
	if err != nil || out.FailedEntryCount != 7 {
		t.Fatal(out, err)
	}
	var codes []string
	for _, e := range out.Entries {
		codes = append(codes, aws.ToString(e.ErrorCode))
		if (e.EventId == nil) == (e.ErrorCode == nil) {
			t.Errorf("an entry needs an id or an error: %+v", e)
		}
	}
	want := []string{"InvalidArgument", "InvalidArgument", "InvalidArgument", "NotAuthorizedForSourceException", "MalformedDetail", "MalformedDetail", "MalformedDetail", "", ""}
	if diff := cmp.Diff(want, codes); diff != "" {
		t.Error(diff)
	}
	if got := aws.ToString(out.Entries[1].ErrorMessage); got != "Parameter DetailType is not valid. Reason: DetailType is a required argument." {
		t.Error(got)
	}
	if n := len(kept.take()); n != 1 {
		t.Errorf("%d deliveries, want the one to the default bus", n)
	}
}

func TestLimitsOfPutEvents(t *testing.T) {
	client, _, _ := serve(t)
	for _, c := range []struct {
		entries, bytes int
		want           string
	}{
		{10, 1 << 20, ""},
		{11, 1000, "Member must have length less than or equal to 10"},
		{1, 1<<20 + 1, "Total size of the entries in the request is over the limit."},
		{10, 1<<20 + 1, "Total size of the entries in the request is over the limit."},
	} {
		var entries []types.PutEventsRequestEntry
		for i := range c.entries {
			size := c.bytes / c.entries
			if i == 0 {
				size += c.bytes % c.entries
			}
			const overhead = len("s") + len("t") + len(`{"x":""}`)
			detail := `{"x":"` + strings.Repeat("x", size-overhead) + `"}`
			entries = append(entries, types.PutEventsRequestEntry{Source: aws.String("s"), DetailType: aws.String("t"), Detail: &detail})
		}
		_, err := client.PutEvents(t.Context(), &awseb.PutEventsInput{Entries: entries})
		if (err == nil) != (c.want == "") || !strings.Contains(errorText(err), c.want) {
			t.Errorf("%d entries of %d bytes: %v, want %q", c.entries, c.bytes, errorText(err), c.want)
		}
	}
}

func TestWhichRulesFire(t *testing.T) {
	client, kept, hops := serve(t)
	listener := hops.Listen(100)
	defer listener.Close()
	on := rule(t, client, "default", "on", `{"detail":{"n":[{"numeric":[">",5]}]}}`, target("q", queueARN+"-on"))
	off := rule(t, client, "default", "off", everything, target("q", queueARN+"-off"))
	if _, err := client.DisableRule(t.Context(), &awseb.DisableRuleInput{Name: aws.String("off")}); err != nil {
		t.Fatal(err)
	}
	put(t, client, "default", "t", `{"n":6}`)
	id := put(t, client, "default", "t", `{"n":5}`)
	if got := kept.bodies(); len(got) != 1 || len(got[queueARN+"-on"]) != 1 {
		t.Errorf("arrived: %v", got)
	}
	if _, err := client.EnableRule(t.Context(), &awseb.EnableRuleInput{Name: aws.String("off")}); err != nil {
		t.Fatal(err)
	}
	put(t, client, "default", "t", `{"n":4}`)
	if got := kept.bodies(); len(got) != 1 || len(got[queueARN+"-off"]) != 1 {
		t.Errorf("arrived: %v", got)
	}
	var seen []tap.Kind
	for len(listener.C) > 0 {
		hop := <-listener.C
		seen = append(seen, hop.Kind)
		if hop.Kind == tap.Skipped && hop.MessageID == id && (hop.Resource != on || hop.Note != "detail.n was 5, wanted numeric > 5") {
			t.Errorf("%+v", hop)
		}
		if hop.Kind == tap.Matched && hop.Resource == off && hop.MessageID == id {
			t.Error("a disabled rule matched")
		}
	}
	want := []tap.Kind{tap.Published, tap.Matched, tap.Published, tap.Skipped, tap.Published, tap.Skipped, tap.Matched}
	if !slices.Equal(seen, want) {
		t.Errorf("hops %v, want %v", seen, want)
	}
}

func TestInputsOfTargets(t *testing.T) {
	client, kept, _ := serve(t)
	with := func(name string, change func(*types.Target)) types.Target {
		made := target(name, queueARN+"-"+name)
		change(&made)
		return made
	}
	rule(t, client, "default", "r", everything,
		with("input", func(t *types.Target) { t.Input = aws.String(`{"fixed":true}`) }),
		with("path", func(t *types.Target) { t.InputPath = aws.String("$.detail.lines[0]") }),
		with("template", func(t *types.Target) {
			t.InputTransformer = &types.InputTransformer{InputPathsMap: map[string]string{"id": "$.detail.id"}, InputTemplate: aws.String(`{"order":<id>,"rule":"<aws.events.rule-name>"}`)}
		}),
		with("fifo.fifo", func(t *types.Target) {
			t.Input, t.SqsParameters = aws.String("1"), &types.SqsParameters{MessageGroupId: aws.String("g")}
		}))
	put(t, client, "default", "t", `{"id":7,"lines":[{"sku":"A"}]}`)
	for _, d := range kept.take() {
		if strings.HasSuffix(d.To, ".fifo") != (d.GroupID == "g") {
			t.Errorf("%+v", d)
		}
		want := map[string]string{"input": `{"fixed":true}`, "path": `{"sku":"A"}`, "template": `{"order":7,"rule":"r"}`, "fifo.fifo": "1"}[d.To[len(queueARN)+1:]]
		if string(d.Body) != want {
			t.Errorf("%s: got %s, want %s", d.To, d.Body, want)
		}
	}
}

func TestBusToBus(t *testing.T) {
	client, kept, _ := serve(t)
	for _, name := range []string{"a", "b", "c"} {
		if _, err := client.CreateEventBus(t.Context(), &awseb.CreateEventBusInput{Name: &name}); err != nil {
			t.Fatal(err)
		}
		next := map[string]string{"a": "b", "b": "c", "c": "a"}[name]
		forward := target("bus", "arn:aws:events:us-east-1:000000000000:event-bus/"+next)
		forward.DeadLetterConfig = &types.DeadLetterConfig{Arn: aws.String(dlqARN)}
		rule(t, client, name, "r", everything, target("q", queueARN+"-"+name), forward)
	}
	id := put(t, client, "a", "t", `{"n":1}`)
	got := kept.bodies()
	if len(got[queueARN+"-a"]) != 1 || len(got[queueARN+"-b"]) != 1 || len(got[queueARN+"-c"]) != 0 || len(got[dlqARN]) != 1 {
		t.Fatalf("arrived: %v", got)
	}
	if decode(t, got[queueARN+"-b"][0])["id"] != id {
		t.Errorf("the event changed on its way: %v", got)
	}
}

// caller may publish only one type of event.
type caller struct{}

func (caller) ARN() string { return "arn:aws:sts::000000000000:assumed-role/app/x" }
func (caller) Root() bool  { return false }
func (caller) Allowed(a wire.Access) bool {
	return a.Action == "events:PutEvents" && a.Resource == "arn:aws:events:us-east-1:000000000000:event-bus/default" &&
		cmp.Equal(a.Context, map[string][]string{"events:source": {"app"}, "events:detail-type": {"lamp.lit.v1"}})
}

func TestPermissionToPutEvents(t *testing.T) {
	service, _, _ := start(t)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		service.Wire().ServeHTTP(w, r.WithContext(wire.WithCaller(r.Context(), caller{})))
	}))
	defer server.Close()
	client := awseb.New(awseb.Options{Region: "us-east-1", BaseEndpoint: &server.URL, Credentials: credentials.NewStaticCredentialsProvider("a", "b", "")})
	put(t, client, "default", "lamp.lit.v1", "{}")
	_, err := client.PutEvents(t.Context(), &awseb.PutEventsInput{Entries: []types.PutEventsRequestEntry{
		{Source: aws.String("app"), DetailType: aws.String("lamp.lit.v1"), Detail: aws.String("{}")},
		{Source: aws.String("app"), DetailType: aws.String("lamp.out.v1"), Detail: aws.String("{}")},
	}})
	if !strings.HasPrefix(errorText(err), "AccessDeniedException: User: arn:aws:sts::000000000000:assumed-role/app/x is not authorized to perform: events:PutEvents on resource: arn:") {
		t.Error(errorText(err))
	}
	if _, err := client.DescribeRule(t.Context(), &awseb.DescribeRuleInput{Name: aws.String("r")}); !strings.Contains(errorText(err), "events:DescribeRule on resource: arn:aws:events:us-east-1:000000000000:rule/r ") {
		t.Error(errorText(err))
	}
}

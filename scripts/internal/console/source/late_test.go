package source_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	"github.com/google/go-cmp/cmp"

	"example.com/troupe/scripts/internal/console/source"
	"example.com/troupe/scripts/internal/endpoint"
)

// logged is a line of a log group that becomes visible at a certain poll.
type logged struct {
	id      string
	second  int
	visible int // the first poll that returns it
}

// polled returns a client for a log group. Each poll returns the lines that are visible by then and not older than
// requested; the polls in refused are throttled.
func polled(t *testing.T, lines []logged, refused map[int]bool) *cloudwatchlogs.Client {
	poll := 0
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var in struct{ StartTime int }
		_ = json.NewDecoder(r.Body).Decode(&in)
		w.Header().Set("Content-Type", "application/x-amz-json-1.1")
		if poll++; refused[poll] {
			w.Header().Set("X-Amzn-Errortype", "ThrottlingException")
			w.WriteHeader(http.StatusBadRequest)
			fmt.Fprint(w, `{"__type": "ThrottlingException", "message": "Rate exceeded"}`)
			return
		}
		found := []map[string]any{}
		for _, l := range lines {
			if l.visible <= poll && l.second*1000 >= in.StartTime {
				found = append(found, map[string]any{"eventId": l.id, "timestamp": l.second * 1000, "message": `{"msg":"step","step":{"service":"harbour","eventId":"` + l.id + `"}}`})
			}
		}
		_ = json.NewEncoder(w).Encode(map[string]any{"events": found})
	}))
	t.Cleanup(server.Close)
	return cloudwatchlogs.NewFromConfig(endpoint.At(server.URL))
}

// TestCloudWatchIsPatient checks that lines that are out of order, late, or behind a throttled poll are reported once
// each. CloudWatch Logs doesn't document how late a line may become visible; a line later than the look-back is lost.
func TestCloudWatchIsPatient(t *testing.T) {
	for _, test := range []struct {
		name    string
		lines   []logged
		refused map[int]bool
		want    []string
	}{
		{"out of order", []logged{{"b", 40, 1}, {"a", 30, 1}, {"c", 50, 1}}, nil, []string{"b", "a", "c"}},
		{"late", []logged{{"a", 40, 1}, {"late", 30, 2}, {"b", 41, 3}}, nil, []string{"a", "late", "b"}},
		{"too late", []logged{{"a", 40, 1}, {"too late", 20, 2}, {"b", 41, 3}}, nil, []string{"a", "b"}},
		{"throttled", []logged{{"a", 40, 1}, {"b", 41, 3}}, map[int]bool{2: true}, []string{"a", "b"}},
		{"throttled from the first", []logged{{"a", 40, 1}}, map[int]bool{1: true, 2: true}, []string{"a"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			c := &source.CloudWatch{Client: polled(t, test.lines, test.refused), Groups: []string{"/harbour"}, Since: time.UnixMilli(1000), Every: time.Millisecond}
			var want []string
			for _, id := range test.want {
				want = append(want, "step harbour "+id)
			}
			if diff := cmp.Diff(want, newNotes().read(t, c, len(want))[:len(want)]); diff != "" {
				t.Error("(-want +got)\n" + diff)
			}
		})
	}
}

package reminders

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"

	"example.com/troupe/events/bus"
)

// answer is how Scheduler answers a call.
type answer struct {
	status int
	code   string // of an error
}

// open returns what keeps reminders, with AWS's own client, and what it was asked for.
func open(t *testing.T, answers map[string]answer) (bus.Scheduler, *[]string) {
	t.Helper()
	var calls []string
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		name := r.URL.Path[strings.LastIndexByte(r.URL.Path, '/')+1:]
		call := r.Method + " " + r.URL.Path + " "
		if r.Method == http.MethodDelete {
			call += r.URL.RawQuery
		} else {
			var body map[string]any
			if err := json.NewDecoder(r.Body).Decode(&body); err != nil {
				t.Error(err)
			}
			text, _ := json.Marshal(body)
			call += string(text)
		}
		calls = append(calls, call)
		w.Header().Set("Content-Type", "application/json")
		reply := answers[name]
		if reply.code == "" {
			_, _ = w.Write([]byte(`{"ScheduleArn": "arn:aws:scheduler:eu-central-1:123456789012:schedule/lamp/e-1"}`))
			return
		}
		w.Header().Set("X-Amzn-Errortype", reply.code)
		w.WriteHeader(reply.status)
		_, _ = w.Write([]byte(`{"Message": "as scripted"}`))
	}))
	t.Cleanup(server.Close)
	cloud := aws.Config{BaseEndpoint: &server.URL, Region: "eu-central-1", Credentials: credentials.NewStaticCredentialsProvider("id", "key", "")}
	return Open(cloud, bus.Schedules{Group: "lamp", Role: "the:role", Queue: "the:queue", DeadLetters: "the:dead"}), &calls
}

func TestScheduleAndCancel(t *testing.T) {
	kept, calls := open(t, map[string]answer{
		"there": {409, "ConflictException"}, "gone": {404, "ResourceNotFoundException"}, "denied": {403, "AccessDeniedException"},
	})
	due := time.Date(2026, 11, 24, 6, 0, 0, 1, time.FixedZone("east", 3600))
	for name, want := range map[string]string{"e-1": "", "there": "", "denied": "AccessDeniedException", "gone": "ResourceNotFoundException"} {
		if err := kept.Schedule(t.Context(), name, due, "<body>"); want == "" && err != nil || want != "" && (err == nil || !strings.Contains(err.Error(), want)) {
			t.Errorf("schedule %s: %v", name, err)
		}
	}
	for name, want := range map[string]string{"e-1": "", "gone": "", "denied": "AccessDeniedException", "there": "ConflictException"} {
		if err := kept.Cancel(t.Context(), name); want == "" && err != nil || want != "" && (err == nil || !strings.Contains(err.Error(), want)) {
			t.Errorf("cancel %s: %v", name, err)
		}
	}
	for _, want := range []string{
		`POST /schedules/e-1 {"ActionAfterCompletion":"DELETE","ClientToken":"e-1","FlexibleTimeWindow":{"Mode":"OFF"},"GroupName":"lamp",` +
			`"ScheduleExpression":"at(2026-11-24T05:00:01)","Target":{"Arn":"the:queue","DeadLetterConfig":{"Arn":"the:dead"},"Input":"\u003cbody\u003e",` +
			`"RetryPolicy":{"MaximumEventAgeInSeconds":86400,"MaximumRetryAttempts":185},"RoleArn":"the:role"}}`,
		`DELETE /schedules/e-1 clientToken=e-1&groupName=lamp`,
	} {
		if all := strings.Join(*calls, "\n"); !strings.Contains(all, want) {
			t.Errorf("no call was %s\nbut:\n%s", want, all)
		}
	}
}

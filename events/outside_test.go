package events_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"example.com/troupe/events"
)

// uploaded is what S3 publishes, as in "Object Created" of the user guide of Amazon S3, without what isn't read here.
const uploaded = `{"version":"0","id":"17793124-05d4-b198-2fde-7ededc63b103","detail-type":"Object Created","source":"aws.s3","account":"111122223333",` +
	`"time":"2021-11-12T00:00:00Z","region":"ca-central-1","resources":["arn:aws:s3:::charts"],"detail":{"bucket":{"name":"charts"},"object":{"key":"bay/1~.png"}}}`

var objectCreated = &events.Contract{
	Type: "object.created.v1", Producer: "s3", Channel: events.EventBridge,
	Outside: &events.Outside{Source: "aws.s3", DetailType: "Object Created", Subject: "/object/key"},
}

func TestDecodeMakesTheEnvelopeOfAnEventFromOutside(t *testing.T) {
	envelope, err := events.Decode([]byte(uploaded), berthChecked{}.Contract(), objectCreated)
	want := events.Metadata{
		ID: "17793124-05d4-b198-2fde-7ededc63b103", Type: "object.created.v1", Subject: "bay/1~.png",
		CorrelationID: "17793124-05d4-b198-2fde-7ededc63b103", Producer: "s3", OccurredAt: time.Date(2021, 11, 12, 0, 0, 0, 0, time.UTC),
	}
	if err != nil || envelope.Metadata != want || string(envelope.Data) != `{"bucket":{"name":"charts"},"object":{"key":"bay/1~.png"}}` {
		t.Errorf("got %+v, %v", envelope, err)
	}
	replayed := strings.Replace(uploaded, `{"version"`, `{"replay-name":"again","version"`, 1)
	if again, err := events.Decode([]byte(replayed), objectCreated); err != nil || again.Metadata != want {
		t.Errorf("replayed, it is %+v, %v", again, err)
	}
}

func TestDecodeSaysWhatToDeclare(t *testing.T) {
	removed := strings.Replace(uploaded, "Object Created", "Object Deleted", 1)
	envelope, err := events.Decode([]byte(removed), objectCreated)
	if !errors.Is(err, events.ErrUndeclared) || !strings.Contains(err.Error(), `"Object Deleted" of aws.s3`) {
		t.Error(err)
	}
	if m := envelope.Metadata; m.ID != "17793124-05d4-b198-2fde-7ededc63b103" || m.Type != "Object Deleted" || m.CorrelationID != m.ID {
		t.Errorf("the log would have %+v", m)
	}
	for name, body := range map[string]string{
		"no subject": strings.Replace(uploaded, `"key"`, `"kez"`, 1),
		"a number":   strings.Replace(uploaded, `"bay/1~.png"`, `7`, 1),
		"no object":  strings.Replace(uploaded, `{"key":"bay/1~.png"}`, `"bay"`, 1),
	} {
		_, err := events.Decode([]byte(body), objectCreated)
		if _, typed := errors.AsType[*events.DecodeError](err); !typed || !strings.Contains(err.Error(), "is no object.created.v1: its subject, /object/key, is not a text") {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestSubjectOf(t *testing.T) {
	outside := events.Outside{Subject: "/a~1b/c~0d"}
	if subject, err := outside.SubjectOf([]byte(`{"a/b": {"c~d": "it"}}`)); subject != "it" || err != nil {
		t.Errorf("got %q, %v", subject, err)
	}
}

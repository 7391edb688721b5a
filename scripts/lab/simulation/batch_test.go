package simulation

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"example.com/troupe/events"
)

// batch is a request with several entries, as far as needed to shorten it.
type batch struct {
	QueueUrl string `json:",omitempty"`
	Entries  []json.RawMessage
}

func (e *exchange) batch() (b batch) {
	_ = json.Unmarshal(e.body, &b) // written by the SDK
	return b
}

// entries returns the number of entries in a batch.
func (e *exchange) entries() int {
	if e.service != "sns" {
		return len(e.batch().Entries)
	}
	form, _ := url.ParseQuery(string(e.body))
	n := 0
	for form.Has("PublishBatchRequestEntries.member." + strconv.Itoa(n+1) + ".Id") {
		n++
	}
	return n
}

// some returns the request with its first n entries, or nil if n is 0.
func (e *exchange) some(n int) []byte {
	if n == 0 {
		return nil
	}
	if e.service == "sns" {
		form, _ := url.ParseQuery(string(e.body))
		for name := range form {
			if number, ok := strings.CutPrefix(name, "PublishBatchRequestEntries.member."); ok {
				number, _, _ = strings.Cut(number, ".")
				if at, _ := strconv.Atoi(number); at > n {
					form.Del(name)
				}
			}
		}
		return []byte(form.Encode())
	}
	b := e.batch()
	b.Entries = b.Entries[:n]
	body, _ := json.Marshal(b)
	return body
}

// published records the events that a call sent to the bus, a topic or a queue.
func (w *world) published(op string, body []byte, outside bool) {
	var wires []string
	switch op {
	case "PutEvents", "SendMessageBatch":
		var batch struct {
			Entries []struct{ Detail, MessageBody string }
		}
		_ = json.Unmarshal(body, &batch) // written by the SDK
		for _, entry := range batch.Entries {
			wires = append(wires, entry.Detail+entry.MessageBody)
		}
	case createSchedule:
		if !outside { // those of service.json hold a placeholder
			wires = append(wires, scheduledInput(body))
		}
	case "PublishBatch":
		form, _ := url.ParseQuery(string(body))
		for n := 1; form.Has("PublishBatchRequestEntries.member." + strconv.Itoa(n) + ".Message"); n++ {
			wires = append(wires, form.Get("PublishBatchRequestEntries.member."+strconv.Itoa(n)+".Message"))
		}
	}
	if op == "Arrive" { // what a service makes of an event from outside
		var arrival struct {
			ID    string `json:"Id"`
			Event struct {
				Source, DetailType, Detail string
				Time                       float64
			}
		}
		_ = json.Unmarshal(body, &arrival) // written by the client
		event, _ := json.Marshal(map[string]any{
			"id": arrival.ID, "source": arrival.Event.Source, "detail-type": arrival.Event.DetailType, "detail": json.RawMessage(arrival.Event.Detail),
			"time": time.UnixMilli(int64(arrival.Event.Time * 1000)).UTC().Format(time.RFC3339),
		})
		envelope, _ := events.Decode(event, w.topology.Outsiders...) // an invalid one is dead-lettered
		wire, _ := json.Marshal(envelope)
		wires = append(wires, string(wire))
	}
	for _, wire := range wires {
		w.last = time.Now()
		w.log.Published(wire, outside)
	}
}

// partly executes the first entries of a batch, perhaps none, and rejects the others, though the call succeeds.
func (e *exchange) partly() *http.Response {
	all := e.entries()
	served := e.world.rng.IntN(all)
	refused := &answer{status: http.StatusOK, header: http.Header{}}
	accepted := e.serve(e.some(served))
	if accepted != nil && accepted.StatusCode != http.StatusOK {
		return accepted
	}
	if accepted == nil {
		e.answered = nil
	}
	switch e.op {
	case "PublishBatch":
		refused.body.WriteString(e.refusedTopics(served, all))
	case "PutEvents":
		refused.body.Write(e.refusedEvents(served, all))
	default:
		refused.body.Write(e.refusedMessages(served))
	}
	return refused.response(e.http)
}

func (e *exchange) refusedEvents(served, all int) []byte {
	var out struct {
		FailedEntryCount int
		Entries          []map[string]string
	}
	_ = json.Unmarshal(e.answered, &out)
	out.FailedEntryCount = all - served
	for range all - served {
		out.Entries = append(out.Entries, map[string]string{"ErrorCode": "InternalFailure", "ErrorMessage": "simulated"})
	}
	body, _ := json.Marshal(out)
	return body
}

func (e *exchange) refusedMessages(served int) []byte {
	out := map[string][]any{}
	_ = json.Unmarshal(e.answered, &out)
	for _, entry := range e.batch().Entries[served:] {
		var id struct{ Id string }
		_ = json.Unmarshal(entry, &id)
		out["Failed"] = append(out["Failed"], map[string]any{"Id": id.Id, "Code": "InternalError", "SenderFault": false})
	}
	body, _ := json.Marshal(out)
	return body
}

func (e *exchange) refusedTopics(served, all int) string {
	const failed, end = "<Failed>", "</PublishBatchResult>"
	var members strings.Builder
	for i := served; i < all; i++ {
		fmt.Fprintf(&members, "<member><Id>%d</Id><Code>InternalError</Code><SenderFault>false</SenderFault></member>", i)
	}
	text := string(e.answered)
	if text == "" {
		text = "<PublishBatchResponse><PublishBatchResult>" + end + "</PublishBatchResponse>"
	}
	text = strings.Replace(text, "<Failed></Failed>", "", 1)
	return strings.Replace(text, end, failed+members.String()+"</Failed>"+end, 1)
}

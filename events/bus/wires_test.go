package bus_test

import (
	"crypto/md5"
	"encoding/hex"
	"encoding/json"
	"encoding/xml"
	"fmt"
	"net/http"
	"strings"
)

// wire is the format of one protocol's responses.
type wire struct {
	answer func(w http.ResponseWriter, entries []sent, codes []string)
	fail   func(w http.ResponseWriter, reply reply)
}

func read(r *http.Request) (wire, []sent) {
	var in struct {
		QueueURL string `json:"QueueUrl"`
		Entries  []struct {
			Source, DetailType, Detail, EventBusName, Id, MessageBody string
			DelaySeconds                                              int
		}
	}
	if target := r.Header.Get("X-Amz-Target"); target != "" {
		if err := json.NewDecoder(r.Body).Decode(&in); err != nil {
			panic(err)
		}
		var entries []sent
		for _, e := range in.Entries {
			entries = append(entries, sent{
				To: in.QueueURL + e.EventBusName, Body: e.Detail + e.MessageBody, ID: e.Id,
				Source: e.Source, DetailType: e.DetailType, DelaySeconds: e.DelaySeconds,
			})
		}
		if strings.HasPrefix(target, "AWSEvents.") {
			return wire{answerEventBridge, failJSON}, entries
		}
		return wire{answerSQS, failJSON}, entries
	}
	return wire{answerSNS, failXML}, readSNS(r)
}

func readSNS(r *http.Request) (entries []sent) {
	for i := 1; ; i++ {
		prefix := fmt.Sprintf("PublishBatchRequestEntries.member.%d.", i)
		attribute := prefix + "MessageAttributes.entry.1."
		if r.FormValue(prefix+"Id") == "" {
			return entries
		}
		entries = append(entries, sent{
			To: r.FormValue("TopicArn"), ID: r.FormValue(prefix + "Id"), Body: r.FormValue(prefix + "Message"),
			TypeAttribute: r.FormValue(attribute+"Name") + "=" + r.FormValue(attribute+"Value.StringValue"),
		})
	}
}

func answerEventBridge(w http.ResponseWriter, entries []sent, codes []string) {
	type answer struct {
		EventId, ErrorCode, ErrorMessage string `json:",omitempty"`
	}
	var out struct {
		FailedEntryCount int
		Entries          []answer
	}
	for i := range entries {
		switch codes[i] {
		case "":
			out.Entries = append(out.Entries, answer{EventId: fmt.Sprint("id-", i)})
		case unmentioned:
			out.Entries = append(out.Entries, answer{})
		default:
			out.FailedEntryCount++
			out.Entries = append(out.Entries, answer{ErrorCode: codes[i], ErrorMessage: "as scripted"})
		}
	}
	respondJSON(w, http.StatusOK, out)
}

// batchAnswer is the response of SQS and SNS to a batch, in JSON and in XML.
type batchAnswer struct {
	Successful []accepted `xml:"Successful>member"`
	Failed     []refused  `xml:"Failed>member"`
}

type accepted struct{ Id, MessageId, MD5OfMessageBody string }

type refused struct {
	Id, Code, Message string
	SenderFault       bool
}

// about returns the response to a batch; a sender's fault is the suite's Denied.
func about(entries []sent, codes []string) (out batchAnswer) {
	for i, e := range entries {
		switch codes[i] {
		case "":
			sum := md5.Sum([]byte(e.Body))
			out.Successful = append(out.Successful, accepted{Id: e.ID, MessageId: "m-" + e.ID, MD5OfMessageBody: hex.EncodeToString(sum[:])})
		case unmentioned:
		default:
			out.Failed = append(out.Failed, refused{Id: e.ID, Code: codes[i], Message: "as scripted", SenderFault: codes[i] != internal})
		}
	}
	return out
}

func answerSQS(w http.ResponseWriter, entries []sent, codes []string) {
	respondJSON(w, http.StatusOK, about(entries, codes))
}

func answerSNS(w http.ResponseWriter, entries []sent, codes []string) {
	body, err := xml.Marshal(struct {
		XMLName xml.Name    `xml:"PublishBatchResponse"`
		Result  batchAnswer `xml:"PublishBatchResult"`
	}{Result: about(entries, codes)})
	if err != nil {
		panic(err)
	}
	respond(w, http.StatusOK, "text/xml", body)
}

func failJSON(w http.ResponseWriter, reply reply) {
	respondJSON(w, reply.status, map[string]string{"__type": reply.code, "message": "as scripted"})
}

func failXML(w http.ResponseWriter, reply reply) {
	respond(w, reply.status, "text/xml", fmt.Appendf(nil,
		"<ErrorResponse><Error><Type>Sender</Type><Code>%s</Code><Message>as scripted</Message></Error></ErrorResponse>", reply.code))
}

func respondJSON(w http.ResponseWriter, status int, out any) {
	body, err := json.Marshal(out)
	if err != nil {
		panic(err)
	}
	respond(w, status, "application/x-amz-json-1.1", body)
}

func respond(w http.ResponseWriter, status int, contentType string, body []byte) {
	w.Header().Set("Content-Type", contentType)
	w.Header().Set("Content-Length", fmt.Sprint(len(body)))
	w.WriteHeader(status)
	_, _ = w.Write(body)
}

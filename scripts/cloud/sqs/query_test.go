package sqs_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"

	"example.com/localcloud/sqs"
	"example.com/localcloud/tap"
	"example.com/localcloud/wire"
)

// changing matches what differs from response to response.
var changing = regexp.MustCompile(`<(MessageId|RequestId|ReceiptHandle)>[^<]+`)

func TestQueryProtocol(t *testing.T) {
	_, _, base := serve(t)
	handle := ""
	for _, step := range []struct{ path, form, want string }{
		{"/", "Action=CreateQueue&QueueName=old&Attribute.1.Name=VisibilityTimeout&Attribute.1.Value=9&Tag.1.Key=k&Tag.1.Value=v",
			`<CreateQueueResult><QueueUrl>` + base + `/000000000000/old</QueueUrl></CreateQueueResult>`},
		{"/", "Action=ListQueues&QueueNamePrefix=o",
			`<ListQueuesResult><QueueUrl>` + base + `/000000000000/old</QueueUrl></ListQueuesResult>`},
		{"/000000000000/old", "Action=SendMessage&MessageBody=%3Chi%3E&MessageAttribute.1.Name=n&MessageAttribute.1.Value.DataType=Number&MessageAttribute.1.Value.StringValue=1",
			`<SendMessageResult><MessageId>…</MessageId><MD5OfMessageBody>e47912f602d77886f186d252feb6c4e5</MD5OfMessageBody><MD5OfMessageAttributes>ef88bdc4583394a9f2bcdc6a6f0ccbfe</MD5OfMessageAttributes></SendMessageResult>`},
		{"/", "Action=GetQueueAttributes&QueueUrl=http://elsewhere/000000000000/old&AttributeName.1=VisibilityTimeout&AttributeName.2=ApproximateNumberOfMessages",
			`<GetQueueAttributesResult><Attribute><Name>ApproximateNumberOfMessages</Name><Value>1</Value></Attribute><Attribute><Name>VisibilityTimeout</Name><Value>9</Value></Attribute></GetQueueAttributesResult>`},
		{"/000000000000/old", "Action=ReceiveMessage&AttributeName.1=ApproximateReceiveCount&MessageAttributeName.1=All&MaxNumberOfMessages=1",
			`<ReceiveMessageResult><Message><MessageId>…</MessageId><ReceiptHandle>…</ReceiptHandle><MD5OfBody>e47912f602d77886f186d252feb6c4e5</MD5OfBody><Body>&lt;hi&gt;</Body>` +
				`<Attribute><Name>ApproximateReceiveCount</Name><Value>1</Value></Attribute><MD5OfMessageAttributes>ef88bdc4583394a9f2bcdc6a6f0ccbfe</MD5OfMessageAttributes>` +
				`<MessageAttribute><Name>n</Name><Value><DataType>Number</DataType><StringValue>1</StringValue></Value></MessageAttribute></Message></ReceiveMessageResult>`},
		{"/000000000000/old", "Action=DeleteMessageBatch&DeleteMessageBatchRequestEntry.1.Id=a&DeleteMessageBatchRequestEntry.1.ReceiptHandle=HANDLE&DeleteMessageBatchRequestEntry.2.Id=b&DeleteMessageBatchRequestEntry.2.ReceiptHandle=x",
			`<DeleteMessageBatchResult><DeleteMessageBatchResultEntry><Id>a</Id></DeleteMessageBatchResultEntry><BatchResultErrorEntry><Id>b</Id><SenderFault>true</SenderFault><Code>ReceiptHandleIsInvalid</Code>` +
				`<Message>The input receipt handle &#34;x&#34; is not a valid receipt handle.</Message></BatchResultErrorEntry></DeleteMessageBatchResult>`},
		{"/", "Action=ListQueueTags&QueueUrl=old", `<ListQueueTagsResult><Tag><Key>k</Key><Value>v</Value></Tag></ListQueueTagsResult>`},
		{"/000000000000/none", "Action=PurgeQueue", `<Error><Type>Sender</Type><Code>AWS.SimpleQueueService.NonExistentQueue</Code><Message>The specified queue does not exist.</Message></Error>`},
		{"/", "Action=CreateQueue&QueueName=q&Colour=red", `<Error><Type>Sender</Type><Code>InvalidQueryParameter</Code><Message>the operation has no parameter Colour</Message></Error>`},
	} {
		body := post(t, base+step.path, strings.Replace(step.form, "HANDLE", url.QueryEscape(handle), 1))
		if _, rest, ok := strings.Cut(body, "<ReceiptHandle>"); ok {
			handle, _, _ = strings.Cut(rest, "<")
		}
		if got := changing.ReplaceAllString(body, "<$1>…"); !strings.Contains(got, step.want) {
			t.Errorf("%s\nanswers %s\nwant    %s", step.form, got, step.want)
		}
	}
}

func post(t *testing.T, url, form string) string {
	t.Helper()
	response, err := http.Post(url, "application/x-www-form-urlencoded", strings.NewReader(form+"&Version=2012-11-05"))
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(body)
}

// caller may do what it lists, such as "sqs:SendMessage jobs".
type caller []string

func (caller) ARN() string { return "arn:aws:sts::000000000000:assumed-role/a/b" }
func (caller) Root() bool  { return false }
func (c caller) Allowed(a wire.Access) bool {
	return slices.Contains(c, a.Action+" "+wire.Resource(a.Resource))
}

func TestAccess(t *testing.T) {
	service := sqs.New(new(tap.Tap))
	t.Cleanup(service.Close)
	handler := service.Wire()
	as := func(c caller, form string) string {
		r := httptest.NewRequestWithContext(wire.WithCaller(t.Context(), c), "POST", "/", strings.NewReader(form))
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		w := httptest.NewRecorder()
		handler.ServeHTTP(w, r)
		return w.Body.String()
	}
	const batch = "Action=SendMessageBatch&QueueUrl=http://h/000000000000/jobs&SendMessageBatchRequestEntry.1.Id=a&SendMessageBatchRequestEntry.1.MessageBody=b"
	if got := as(caller{"sqs:CreateQueue jobs"}, "Action=CreateQueue&QueueName=jobs"); !strings.Contains(got, "/jobs</QueueUrl>") {
		t.Error(got)
	}
	if got := as(caller{"sqs:SendMessage other", "sqs:SendMessageBatch jobs"}, batch); !strings.Contains(got, "<Code>AccessDenied</Code>") || !strings.Contains(got, "sqs:SendMessage on resource: arn:aws:sqs:us-east-1:000000000000:jobs") {
		t.Error(got)
	}
	if got := as(caller{"sqs:SendMessage jobs"}, batch); !strings.Contains(got, "<Id>a</Id>") {
		t.Error(got)
	}
}

package sns_test

import (
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	awssns "github.com/aws/aws-sdk-go-v2/service/sns"

	"example.com/localcloud/sns"
	"example.com/localcloud/tap"
	"example.com/localcloud/wire"
)

// posted is a request that an endpoint received.
type posted struct {
	Type, MessageId, Message, TopicArn, Timestamp, Token, SubscribeURL, SignatureVersion, Signature, SigningCertURL string

	kind string // from the header
}

// endpoint starts a webhook that sends the requests it receives to the channel.
func endpoint(t *testing.T) (string, <-chan posted) {
	received := make(chan posted, 10)
	server := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		var p posted
		if err := json.NewDecoder(r.Body).Decode(&p); err != nil {
			t.Error(err)
		}
		p.kind = r.Header.Get("X-Amz-Sns-Message-Type")
		received <- p
	}))
	t.Cleanup(server.Close)
	return server.URL, received
}

func get(t *testing.T, url string) []byte {
	t.Helper()
	response, err := http.Get(url)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil || response.StatusCode != http.StatusOK {
		t.Fatalf("%s: %d %s %v", url, response.StatusCode, body, err)
	}
	return body
}

// checkSignature verifies a notification's signature over the expected text.
func checkSignature(t *testing.T, n posted, algorithm x509.SignatureAlgorithm, signed string) {
	t.Helper()
	block, _ := pem.Decode(get(t, n.SigningCertURL))
	certificate, err := x509.ParseCertificate(block.Bytes)
	if err != nil {
		t.Fatal(err)
	}
	signature, err := base64.StdEncoding.DecodeString(n.Signature)
	if err != nil {
		t.Fatal(err)
	}
	if err := certificate.CheckSignature(algorithm, []byte(signed), signature); err != nil {
		t.Errorf("version %s: %v", n.SignatureVersion, err)
	}
}

func TestWebhook(t *testing.T) {
	for version, algorithm := range map[string]x509.SignatureAlgorithm{"1": x509.SHA1WithRSA, "2": x509.SHA256WithRSA} {
		c := serve(t)
		topic := c.topic("topic", map[string]string{"SignatureVersion": version})
		url, received := endpoint(t)
		publish := func() {
			if _, err := c.sns.Publish(t.Context(), &awssns.PublishInput{TopicArn: &topic, Message: aws.String("m")}); err != nil {
				t.Fatal(err)
			}
		}
		c.subscribe(topic, "http", url, nil)
		publish() // before the confirmation, so nobody receives it
		confirmation := <-received
		if confirmation.Type != "SubscriptionConfirmation" || confirmation.kind != confirmation.Type || confirmation.TopicArn != topic {
			t.Errorf("confirmation %+v", confirmation)
		}
		if body := string(get(t, confirmation.SubscribeURL)); !strings.Contains(body, "<SubscriptionArn>"+topic+":") {
			t.Error(body)
		}
		publish()
		n := <-received
		if n.Type != "Notification" || n.kind != "Notification" || n.Message != "m" || n.SignatureVersion != version {
			t.Errorf("notification %+v", n)
		}
		checkSignature(t, n, algorithm, "Message\nm\nMessageId\n"+n.MessageId+"\nTimestamp\n"+n.Timestamp+"\nTopicArn\n"+topic+"\nType\nNotification\n")
		if len(received) > 0 {
			t.Errorf("also received %+v", <-received)
		}
	}
}

// script responds with one status after another. 0 means no response.
type script struct {
	statuses []int
	times    []time.Time
	bodies   []posted
}

func (s *script) RoundTrip(r *http.Request) (*http.Response, error) {
	var body posted
	if err := json.NewDecoder(r.Body).Decode(&body); err != nil {
		return nil, err
	}
	s.bodies = append(s.bodies, body)
	s.times = append(s.times, time.Now())
	status := s.statuses[0]
	s.statuses = s.statuses[1:]
	if status == 0 {
		return nil, errors.New("connection refused")
	}
	return &http.Response{StatusCode: status, Body: http.NoBody, Request: r}, nil
}

func TestRetries(t *testing.T) {
	for name, test := range map[string]struct {
		statuses []int
		tries    int
		after    time.Duration
		end      tap.Kind
	}{
		"at once":         {[]int{204}, 1, 0, tap.Delivered},
		"at the last try": {[]int{500, 0, 429, 200}, 4, time.Minute, tap.Delivered},
		"never":           {[]int{500, 500, 500, 500}, 4, time.Minute, tap.Undelivered},
		"refused":         {[]int{404}, 1, 0, tap.Undelivered},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				hops := new(tap.Tap)
				listener := hops.Listen(10)
				transport := &script{statuses: append([]int{200}, test.statuses...)} // the first is for the confirmation
				target := &queues{}
				service := sns.New(hops, target, &http.Client{Transport: transport})
				defer service.Close()
				confirm(t, service, transport)
				began := time.Now()
				if _, err := service.Publish(t.Context(), &sns.PublishInput{TopicArn: topicARN, Publishing: sns.Publishing{Message: "m"}}); err != nil {
					t.Fatal(err)
				}
				time.Sleep(5 * time.Minute)
				synctest.Wait()
				tries := transport.times[1:]
				if len(tries) != test.tries || tries[len(tries)-1].Sub(began) != test.after {
					t.Errorf("tried at %v", tries)
				}
				listener.Close()
				var last tap.Hop
				for hop := range listener.C {
					last = hop
				}
				if last.Kind != test.end {
					t.Errorf("ended with %s: %s", last.Kind, last.Note)
				}
				if dead := len(target.taken) == 1; dead != (test.end == tap.Undelivered) {
					t.Errorf("dead letters %v", target.taken)
				}
			})
		})
	}
}

// TestCloseEndsRetries checks that a service can be closed while a webhook is down.
func TestCloseEndsRetries(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		transport := &script{statuses: []int{200, 500, 500, 500, 500}}
		service := sns.New(new(tap.Tap), &queues{}, &http.Client{Transport: transport})
		confirm(t, service, transport)
		if _, err := service.Publish(t.Context(), &sns.PublishInput{TopicArn: topicARN, Publishing: sns.Publishing{Message: "m"}}); err != nil {
			t.Fatal(err)
		}
		synctest.Wait()
		began := time.Now()
		service.Close()
		if waited := time.Since(began); waited != 0 {
			t.Errorf("Close took %v", waited)
		}
	})
}

// confirm subscribes a webhook with a dead-letter queue and confirms the subscription with the token that it
// received. It returns the subscription's ARN.
func confirm(t *testing.T, service *sns.Service, webhook *script) (arn string) {
	t.Helper()
	if _, err := service.CreateTopic(t.Context(), &sns.CreateTopicInput{Name: "topic"}); err != nil {
		t.Fatal(err)
	}
	if _, err := service.Subscribe(t.Context(), &sns.SubscribeInput{
		TopicArn: topicARN, Protocol: "https", Endpoint: "https://webhook/",
		Attributes: map[string]string{"RedrivePolicy": `{"deadLetterTargetArn":"` + wire.ARN("sqs", "dead") + `"}`},
	}); err != nil {
		t.Fatal(err)
	}
	synctest.Wait()
	confirmed, err := service.ConfirmSubscription(t.Context(), &sns.ConfirmSubscriptionInput{TopicArn: topicARN, Token: webhook.bodies[0].Token})
	if err != nil {
		t.Fatal(err)
	}
	return confirmed.SubscriptionArn
}

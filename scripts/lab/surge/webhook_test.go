package main

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

// TestWebhook checks that the webhook accepts what SNS sends, only follows links to SNS, and refuses everything else.
func TestWebhook(t *testing.T) {
	followed := 0
	cloud := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { followed++ }))
	defer cloud.Close()
	var taken []string
	hook, err := newWebhook(cloud.URL, func(message string, body []byte) int {
		taken = append(taken, message+" "+string(body))
		return http.StatusServiceUnavailable
	})
	if err != nil {
		t.Fatal(err)
	}
	defer hook.Close()
	for name, test := range map[string]struct {
		kind, body string
		status     int
	}{
		"a notification":      {"Notification", "body", http.StatusServiceUnavailable},
		"a confirmation":      {"SubscriptionConfirmation", `{"SubscribeURL": "` + cloud.URL + `/?Action=ConfirmSubscription"}`, http.StatusOK},
		"a link to elsewhere": {"SubscriptionConfirmation", `{"SubscribeURL": "http://example.com/"}`, http.StatusBadRequest},
		"no JSON":             {"SubscriptionConfirmation", `confirm`, http.StatusBadRequest},
		"nothing of SNS":      {"", "body", http.StatusBadRequest},
	} {
		request, err := http.NewRequestWithContext(t.Context(), http.MethodPost, hook.URL, strings.NewReader(test.body))
		if err != nil {
			t.Fatal(err)
		}
		request.Header.Set("X-Amz-Sns-Message-Type", test.kind)
		request.Header.Set("X-Amz-Sns-Message-Id", "m-1")
		response, err := http.DefaultClient.Do(request)
		if err != nil {
			t.Fatal(err)
		}
		response.Body.Close()
		if response.StatusCode != test.status {
			t.Errorf("%s: %d, want %d", name, response.StatusCode, test.status)
		}
	}
	if len(taken) != 1 || taken[0] != "m-1 body" || followed != 1 || len(hook.confirmed) != 1 {
		t.Errorf("taken %q, followed %d links", taken, followed)
	}
}
